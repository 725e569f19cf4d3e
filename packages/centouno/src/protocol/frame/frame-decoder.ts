import type { ViolationCode } from '../connection/violations.ts'
import type { FrameExpectation, FrameHeader } from './header.ts'
import { blankHeader, maxHeaderBytes, tryReadHeader } from './header.ts'

/**
 * What `next` found: the whole header of a frame (`header`), some of its payload (`payload`), the end of what was fed
 * (`more`), or the rule the peer broke. Each frame gives one `header` and at least one `payload`, empty if it has none.
 */
export type DecoderStep = 'header' | 'payload' | 'more' | ViolationCode

const noBytes = new Uint8Array(0)

/**
 * Bytes to frames. It is pulled: feed it a chunk, then ask for steps until it wants more. It looks at a chunk in place,
 * never changes it and lets go of it with the last step; what a step found stands in its fields until the next one, so
 * that nothing is allocated per frame. After a violation it has no further use.
 */
export class FrameDecoder {
  /** The frame at hand; filled anew by each `header` step. */
  readonly header: FrameHeader = blankHeader()
  /** The chunk in which the piece of a `payload` step lies, still masked, from `pieceStart` to `pieceEnd`. */
  chunk: Uint8Array = noBytes
  pieceStart = 0
  pieceEnd = 0
  /** Bytes of the frame's payload before this piece. */
  pieceOffset = 0

  #expected: FrameExpectation
  #at = 0
  #inPayload = false
  /** A header cut by the end of a chunk; made when that first happens. */
  #held: Uint8Array = noBytes
  #heldBytes = 0

  constructor(expected: FrameExpectation) {
    this.#expected = expected
  }

  /** From here on it reads for another connection, whose frames must be like that. It must be at rest. */
  serve(expected: FrameExpectation): void {
    this.#expected = expected
  }

  /** True between two frames, when no chunk is held: nothing of the past matters to the next frame. */
  get atRest(): boolean {
    return !this.#inPayload && this.#heldBytes === 0 && this.chunk.length === 0
  }

  /** True when the piece of a `payload` step is the last of its frame. */
  get frameEnds(): boolean {
    return !this.#inPayload
  }

  /** Hands over a chunk. All steps of the one before must have been taken. */
  feed(chunk: Uint8Array): void {
    this.chunk = chunk
    this.#at = 0
  }

  /** Hands over a copy of what has not been read of the chunk, for later. */
  takeRest(): Uint8Array {
    const rest = this.chunk.slice(this.#at)
    this.release()
    return rest
  }

  /** Lets go of the chunk, read or not: a connection that waits, or reads no more, must not pin it. */
  release(): void {
    this.chunk = noBytes
    this.#at = 0
  }

  next(): DecoderStep {
    return this.#inPayload ? this.#nextPiece() : this.#nextHeader()
  }

  #nextHeader(): DecoderStep {
    const result =
      this.#heldBytes > 0
        ? this.#readHeldHeader()
        : tryReadHeader(this.chunk, this.#at, this.chunk.length, this.#expected, this.header)
    if (typeof result === 'string') return result
    if (result === 0) return this.#holdRest()
    this.#at += result
    this.#inPayload = true
    this.pieceStart = 0
    this.pieceEnd = 0
    this.pieceOffset = 0
    return 'header'
  }

  /** Completes the held part of a header from the chunk. Returns how many bytes of the chunk it took. */
  #readHeldHeader(): number | ViolationCode {
    const before = this.#heldBytes
    const added = Math.min(maxHeaderBytes - before, this.chunk.length)
    for (let index = 0; index < added; index++) this.#held[before + index] = this.chunk[index] as number
    const result = tryReadHeader(this.#held, 0, before + added, this.#expected, this.header)
    if (typeof result === 'string' || result === 0) return result
    this.#heldBytes = 0
    return result - before
  }

  /** Keeps a header's beginning: less than a whole one, so the cost of reading it again is bounded. */
  #holdRest(): DecoderStep {
    const rest = this.chunk.length - this.#at
    if (rest > 0) {
      if (this.#held.length === 0) this.#held = new Uint8Array(maxHeaderBytes)
      for (let index = 0; index < rest; index++) {
        this.#held[this.#heldBytes + index] = this.chunk[this.#at + index] as number
      }
      this.#heldBytes += rest
    }
    this.release()
    return 'more'
  }

  #nextPiece(): DecoderStep {
    const offset = this.pieceOffset + (this.pieceEnd - this.pieceStart)
    const missing = this.header.payloadLength - offset
    const available = this.chunk.length - this.#at
    if (available === 0 && missing > 0) {
      this.release()
      return 'more'
    }
    const taken = Math.min(missing, available)
    this.pieceOffset = offset
    this.pieceStart = this.#at
    this.pieceEnd = this.#at + taken
    this.#at = this.pieceEnd
    this.#inPayload = taken < missing
    return 'payload'
  }
}
