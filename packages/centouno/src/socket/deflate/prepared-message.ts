import { withoutTail } from '../../protocol/deflate/empty-block.ts'
import type { Message } from '../inbox.ts'
import { processCompression } from './compression-budget.ts'
import type { ContextPool } from './context-pool.ts'
import type { DeflateShape } from './raw-context.ts'

/**
 * A message for many sockets: it is compressed once for each shape that is asked for, so that it stands on its own and any
 * peer with such a window can read it, whatever it got before.
 */
export class PreparedMessage {
  readonly message: Message
  /** As the peers get it. */
  readonly content: Uint8Array
  readonly #pool: ContextPool
  readonly #payloads = new Map<string, Uint8Array | undefined>()

  constructor(message: Message, pool: ContextPool = processCompression.pool) {
    this.message = message
    this.content = typeof message === 'string' ? Buffer.from(message) : message
    this.#pool = pool
  }

  get bytes(): number {
    return this.content.length
  }

  /** Undefined when it is shorter as it is. */
  payloadFor(shape: DeflateShape): Uint8Array | undefined {
    const { windowBits, memoryLevel, level } = shape
    const key = `${windowBits}/${memoryLevel}/${level}`
    if (!this.#payloads.has(key)) {
      const payload = withoutTail(this.#pool.shared(shape).deflate(this.content))
      this.#payloads.set(key, payload.length < this.bytes ? payload.slice() : undefined)
    }
    return this.#payloads.get(key)
  }
}
