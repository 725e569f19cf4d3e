import { ByteQueue } from '../wire/byte-queue.ts'
import { handshakeHeaderLength } from './messages/handshake.ts'

/** A chain of certificates is the longest message there is; what is longer than this is no message. */
const longestMessage = 256 * 1024

/** A handshake message, whole. */
export interface JoinedMessage {
  /** The header of the record that it begins; empty when it follows another message in the same record. */
  readonly recordHeader: Uint8Array
  readonly message: Uint8Array
}

/** Handshake messages may be cut across records, and several may share one (RFC 8446 §5.1). Joins those of one direction. */
export class HandshakeJoiner {
  readonly #queue = new ByteQueue()
  #header: Uint8Array = new Uint8Array(0)
  #broken = false

  /** Bytes of a message that is not complete yet. */
  get waiting(): Uint8Array {
    return this.#queue.bytes
  }

  /** Takes the content of a record. What is too long is given as far as it came, and all after it is dropped. */
  receive(recordHeader: Uint8Array, content: Uint8Array): readonly JoinedMessage[] {
    if (this.#broken) return []
    if (this.waiting.length === 0) this.#header = recordHeader
    this.#queue.add(content)
    const joined: JoinedMessage[] = []
    while (this.waiting.length >= handshakeHeaderLength) {
      const [, high = 0, middle = 0, low = 0] = this.waiting
      const total = handshakeHeaderLength + high * 0x1_0000 + middle * 0x100 + low
      this.#broken = total > longestMessage
      if (this.waiting.length < total && !this.#broken) break
      const message = this.#broken ? this.#queue.take() : this.#queue.take(total)
      joined.push({ recordHeader: this.#header, message: message.slice() })
      // Only the first message of a record begins it.
      this.#header = new Uint8Array(0)
    }
    return joined
  }
}
