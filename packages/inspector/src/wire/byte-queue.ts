/** Bytes that wait to be understood. */
export class ByteQueue {
  #bytes: Uint8Array = new Uint8Array(0)

  /** All that waits, in place. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    const joined = new Uint8Array(this.#bytes.length + bytes.length)
    joined.set(this.#bytes)
    joined.set(bytes, this.#bytes.length)
    this.#bytes = joined
  }

  /** Takes so many bytes off the front; all, when no number is given. */
  take(count: number = this.#bytes.length): Uint8Array {
    const taken = this.#bytes.subarray(0, count)
    this.#bytes = this.#bytes.subarray(count)
    return taken
  }
}
