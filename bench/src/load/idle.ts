import type { LoadPlan } from '../measure/plan.ts'
import { compressedFrames, sampleJson } from './compressed-messages.ts'
import { type LoadConnection, openConnections } from './connection.ts'
import { declinesDeflate, deflateOffer } from './deflate.ts'

/** Connections that are opened and then do nothing; where compression is measured, after one compressed echo each. */
export class IdleLoad {
  readonly #plan: LoadPlan
  readonly #compressed: boolean
  readonly #connections: LoadConnection[] = []

  constructor(plan: LoadPlan) {
    this.#plan = plan
    this.#compressed = plan.kind === 'idle-compressed'
  }

  /** Opens more until there are so many; returns why that cannot be, if so. */
  async open(count: number): Promise<string | undefined> {
    const opening = { ...this.#plan, ...(this.#compressed ? { extensions: deflateOffer } : {}) }
    const wanted = Math.max(0, count - this.#connections.length)
    const opened = await openConnections(opening, wanted, this.#connections.length)
    this.#connections.push(...opened)
    if (!this.#compressed) return undefined
    const cannot = declinesDeflate(opened[0]?.head ?? '')
    if (cannot !== undefined) return cannot
    const [frame = Buffer.alloc(0)] = await compressedFrames(sampleJson(1, this.#plan.payload), true)
    // One after the other: thousands of replies at once are a burst, and no idle connections.
    for (const connection of opened) await echoOnce(connection, frame)
    return undefined
  }
}

function echoOnce(connection: LoadConnection, frame: Buffer): Promise<void> {
  return new Promise((resolve) => {
    connection.whenReceived = () => resolve()
    connection.socket.write(frame)
  })
}
