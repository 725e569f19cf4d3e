/**
 * What the transport brings while it cannot be read: because something is being read already, or because a message is being
 * inflated. It keeps its order, ends included.
 */
export class WaitingInput {
  readonly #chunks: Uint8Array[] = []
  readonly #events: ((now: number) => void)[] = []

  /** Keeps a copy: chunks are only lent. */
  push(chunk: Uint8Array): void {
    this.#chunks.push(new Uint8Array(chunk))
  }

  /** What is left of a chunk that was begun comes before all others. */
  putBack(rest: Uint8Array): void {
    if (rest.length > 0) this.#chunks.unshift(rest)
  }

  next(): Uint8Array | undefined {
    return this.#chunks.shift()
  }

  /** Something happened that comes after the chunks before it. */
  keep(event: (now: number) => void): void {
    this.#events.push(event)
  }

  /** Tells the next of what happened; false when there is none. */
  tellNext(now: number): boolean {
    const event = this.#events.shift()
    event?.(now)
    return event !== undefined
  }
}
