/** The first step is for one small message. */
const leastCapacity = 1024

const noBytes = new Uint8Array(0)

/**
 * The last bytes of what a peer has sent, to which its next message may point back (RFC 7692 §7.2.3.2). It is all that
 * takeover needs between messages, and grows with what comes: a context of zlib would take forty kilobytes from the first
 * message on.
 */
export class PeerWindow {
  readonly #size: number
  #bytes: Uint8Array = noBytes
  #length = 0

  constructor(windowBits: number) {
    this.#size = 2 ** windowBits
  }

  /** Bytes set aside. */
  get heldBytes(): number {
    return this.#bytes.length
  }

  get length(): number {
    return this.#length
  }

  /** Valid until the next `add`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  add(message: Uint8Array): void {
    const size = this.#size
    const added = message.length > size ? message.subarray(-size) : message
    const kept = Math.min(this.#length, size - added.length)
    if (kept + added.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(size, Math.max(leastCapacity, 2 * (kept + added.length))))
      grown.set(this.#bytes.subarray(this.#length - kept, this.#length))
      this.#bytes = grown
    } else if (kept < this.#length) {
      this.#bytes.copyWithin(0, this.#length - kept, this.#length)
    }
    this.#bytes.set(added, kept)
    this.#length = kept + added.length
  }

  clear(): void {
    this.#bytes = noBytes
    this.#length = 0
  }
}
