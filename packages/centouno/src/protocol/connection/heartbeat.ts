import { type ConnectionTiming, orNever } from './timing.ts'

const encoder = new TextEncoder()

/**
 * Whether the peer is still there. When nothing has come for the interval a Ping is due; when nothing comes after it
 * either, the peer is taken for dead. What it is told while the connection is busy is one number per chunk.
 */
export class Heartbeat {
  readonly #timing: ConnectionTiming
  // Whole milliseconds, which V8 keeps in their places: for a fraction it makes an object.
  /** The last sign of life, or the time from which silence counts. */
  #aliveAt: number
  #pingedAt: number | undefined
  /** The same to a fraction, for the latency. */
  #sentAt = 0
  #count = 0
  /** What the Pong has to carry; undefined when none is waited for. */
  #payload: Uint8Array | undefined
  #latency: number | undefined

  constructor(timing: ConnectionTiming, openedAt: number) {
    this.#timing = timing
    this.#aliveAt = Math.trunc(openedAt)
  }

  /** Milliseconds from the last Ping that was answered to its Pong; undefined before the first. */
  get latency(): number | undefined {
    return this.#latency
  }

  /** When something last came, or a Ping went. */
  get lastAt(): number {
    return Math.max(this.#aliveAt, this.#pingedAt ?? this.#aliveAt)
  }

  /** When a Ping is due or the peer counts as dead, if it stays silent until then. */
  get dueAt(): number {
    return this.awaited ? this.lastAt + orNever(this.#timing.heartbeatTimeout) : this.#nextAt
  }

  /**
   * When to look whether something is due. What a Ping is waiting for may come at once, and the next Ping be due before
   * the wait would have been over.
   */
  lookAt(now: number): number {
    const next = this.#nextAt
    return this.awaited && now < next ? Math.min(next, this.dueAt) : this.dueAt
  }

  /** True while nothing has come since the last Ping, and something must. */
  get awaited(): boolean {
    return this.#pingedAt !== undefined && this.#pingedAt > this.#aliveAt && this.#timing.heartbeatTimeout !== false
  }

  /** When the next Ping is due, if nothing comes. */
  get #nextAt(): number {
    return this.lastAt + orNever(this.#timing.heartbeatInterval)
  }

  /** Something came, or silence could not be heard until now. */
  alive(now: number): void {
    this.#aliveAt = Math.trunc(now)
  }

  /** The payload of the Ping that is sent now. */
  ping(now: number): Uint8Array {
    this.#pingedAt = Math.trunc(now)
    this.#sentAt = now
    this.#count++
    // Readable, for whoever looks at the wire; counted, so that a late Pong is not taken for this one's.
    this.#payload = encoder.encode(`heartbeat ${this.#count}`)
    return this.#payload
  }

  /** Takes a Pong; false when it does not answer the last Ping. */
  pong(payload: Uint8Array, now: number): boolean {
    const expected = this.#payload
    if (expected === undefined || expected.length !== payload.length) return false
    if (!expected.every((byte, index) => byte === payload[index])) return false
    this.#payload = undefined
    this.#latency = now - this.#sentAt
    return true
  }
}
