import type { LoadPlan } from '../measure/plan.ts'
import { compressedFrames, sampleJson } from './compressed-messages.ts'
import { type LoadConnection, openConnections } from './connection.ts'
import { declinesDeflate, deflateOffer } from './deflate.ts'

/** What a connection has when it has been used: windows that are filled, contexts that are worth having. */
const echoes = 5

const atATime = 16

/** Connections that are opened and then do nothing; where compression is measured, after some compressed echoes each. */
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
    const takeover = !opened.some(({ head }) => head.includes('client_no_context_takeover'))
    const frames = await compressedFrames(sampleJson(echoes, this.#plan.payload), takeover)
    // Some at a time: thousands of replies at once are a burst, and no idle connections.
    for (let at = 0; at < opened.length; at += atATime) {
      await Promise.all(opened.slice(at, at + atATime).map((connection) => echoEach(connection, frames)))
    }
    return undefined
  }
}

async function echoEach(connection: LoadConnection, frames: readonly Buffer[]): Promise<void> {
  for (const frame of frames) await echoOnce(connection, frame)
}

function echoOnce(connection: LoadConnection, frame: Buffer): Promise<void> {
  return new Promise((resolve) => {
    connection.whenReceived = () => resolve()
    connection.socket.write(frame)
  })
}
