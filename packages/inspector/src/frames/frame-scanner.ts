import { ByteQueue } from '../wire/byte-queue.ts'
import { rungBytesLimit } from '../wire/layer-reader.ts'
import { readFrameHead } from './frame-head.ts'
import type { FrameHead } from './frame-head.ts'

/** One frame, whole, as it crossed. */
export interface ScannedFrame {
  readonly head: FrameHead
  /** The header's bytes. */
  readonly header: Uint8Array
  /** Header and payload as they crossed, cut at what a rung keeps. */
  readonly wire: Uint8Array
  /** The payload without its mask, cut at {@link heldPayload}. */
  readonly payload: Uint8Array
  readonly payloadLength: number
}

/** Bytes of a payload that are held, to join and inflate messages. */
export const heldPayload: number = 1024 * 1024

/** Bytes of the longest header (RFC 6455 §5.2). */
const longestHeader = 14

/** Cuts one direction's bytes into frames. */
export class FrameScanner {
  readonly #queue = new ByteQueue()
  #head: FrameHead | undefined
  #header: Uint8Array = new Uint8Array(0)
  #masked: Uint8Array[] = []
  #heldBytes = 0
  #passedBytes = 0
  /** A length that no program can count: where the next frame begins cannot be known. */
  #lost = false

  /** True when nothing more can be told apart in this direction. */
  get lost(): boolean {
    return this.#lost
  }

  /** What has come of a frame that is not whole yet. */
  get unfinished():
    | { readonly header: Uint8Array; readonly payloadBytes: number; readonly payloadLength: number }
    | undefined {
    if (this.#head !== undefined) {
      return { header: this.#header, payloadBytes: this.#passedBytes, payloadLength: this.#head.payloadLength ?? 0 }
    }
    const header = this.#queue.bytes
    return header.length === 0 ? undefined : { header, payloadBytes: 0, payloadLength: 0 }
  }

  /** Takes the next bytes and gives the frames that they complete. */
  *receive(bytes: Uint8Array): Generator<ScannedFrame> {
    let rest = bytes
    while (!this.#lost) {
      if (this.#head === undefined) {
        const held = this.#queue.take()
        // Of a chunk of thousands of frames no more is copied than a header needs.
        const start = held.length === 0 ? rest : Buffer.concat([held, rest.subarray(0, longestHeader)])
        this.#head = readFrameHead(start)
        if (this.#head === undefined) {
          this.#queue.add(start)
          return
        }
        this.#header = start.slice(0, this.#head.length)
        rest = rest.subarray(this.#head.length - held.length)
      }
      const { payloadLength } = this.#head
      if (payloadLength === undefined) {
        this.#lost = true
        yield this.#finish(this.#head, 0)
        return
      }
      rest = this.#passPayload(rest, payloadLength)
      if (this.#passedBytes < payloadLength) return
      yield this.#finish(this.#head, payloadLength)
    }
  }

  #passPayload(bytes: Uint8Array, payloadLength: number): Uint8Array {
    const taken = bytes.subarray(0, payloadLength - this.#passedBytes)
    const held = taken.slice(0, heldPayload - this.#heldBytes)
    if (held.length > 0) this.#masked.push(held)
    this.#heldBytes += held.length
    this.#passedBytes += taken.length
    return bytes.subarray(taken.length)
  }

  #finish(head: FrameHead, payloadLength: number): ScannedFrame {
    const header = this.#header
    const masked = Buffer.concat(this.#masked)
    this.#head = undefined
    this.#masked = []
    this.#heldBytes = 0
    this.#passedBytes = 0
    const wire = Buffer.concat([header, masked.subarray(0, rungBytesLimit)])
    return { head, header, wire, payload: unmask(masked, head, header), payloadLength }
  }
}

/** RFC 6455 §5.3: byte i of the payload was XORed with byte i mod 4 of the key. Written anew: the engine is on trial here. */
function unmask(bytes: Uint8Array, head: FrameHead, header: Uint8Array): Uint8Array {
  if (!head.masked) return bytes
  const key = header.subarray(head.keyAt, head.length)
  const payload = new Uint8Array(bytes.length)
  for (let index = 0; index < bytes.length; index += 1) {
    payload[index] = (bytes[index] as number) ^ (key[index & 3] as number)
  }
  return payload
}
