import type { ConnectionLimits } from '../connection/limits.ts'
import type { ViolationCode } from '../connection/violations.ts'
import type { FrameHeader } from '../frame/header.ts'
import { copyMasked, unmaskInPlace } from '../frame/masking.ts'
import { opcodes } from '../frame/opcode.ts'
import { ByteBuilder } from './byte-builder.ts'
import { unwrittenBytes } from '../unwritten-bytes.ts'
import { decodeUtf8, decodeValidUtf8, Utf8Validator } from './utf8.ts'

/** Takes messages: whole, or piece by piece. */
export interface MessageSink {
  text(message: string): void
  binary(message: Uint8Array): void
  /** A message begins that comes in pieces, with what has come of it so far. The bytes belong to the receiver. */
  streamBegins(kind: 'text' | 'binary', bytes: Uint8Array): void
  /**
   * The next bytes of it, cut anywhere; those of a text have been found to be UTF-8 so far. They belong to the receiver.
   *
   * @param bytes empty only when the message ends with an empty frame
   * @param last the message ends here
   */
  streamPiece(bytes: Uint8Array, last: boolean): void
}

/** Stands in while the assembler serves nobody. */
const nobody: MessageSink = { text() {}, binary() {}, streamBegins() {}, streamPiece() {} }

/** Where a text that came whole is unmasked before it is decoded; used within one call, so one serves all. */
const textScratch = new Uint8Array(64 * 1024)

/** Shorter frames of a stream count towards `messageFrames`: longer ones pay for themselves. */
const shortFrame = 1024

/** The longest string there is in V8: a longer text could be received, but not handed over. */
export const longestText = 0x1fff_ffe8

/**
 * Data frames to messages (RFC 6455 §5.4): fragmentation, limits and UTF-8. It knows nothing of how frames were cut out
 * of chunks, and control frames never come here. After a violation it has no further use. Between two messages there is
 * nothing to remember, and it may go on to serve another connection.
 */
export class MessageAssembler {
  #limits: ConnectionLimits
  #sink: MessageSink
  #streamFrom: number
  // Made by a message that comes in several pieces, for itself.
  #builderMade: ByteBuilder | undefined
  #validatorMade: Utf8Validator | undefined
  /** The message at hand, from its first frame to its last. */
  #inMessage = false
  #isText = false
  /** It goes out in pieces. */
  #streams = false
  #frames = 0
  /** Payload of the message announced so far, over all headers. */
  #announced = 0
  /** The frame at hand. */
  #fin = false
  #maskingKey = 0

  /**
   * @param streamFrom messages of at least so many bytes are handed over in pieces: as soon as the headers announce so
   *   many, with what had come until then as the first piece
   */
  constructor(limits: ConnectionLimits, sink: MessageSink, streamFrom: number = Number.POSITIVE_INFINITY) {
    this.#limits = limits
    this.#sink = sink
    this.#streamFrom = streamFrom
  }

  /** Takes the messages of a connection from here on; it must be at rest. The arguments are the constructor's. */
  serve(limits: ConnectionLimits, sink: MessageSink, streamFrom: number = Number.POSITIVE_INFINITY): void {
    this.#limits = limits
    this.#sink = sink
    this.#streamFrom = streamFrom
  }

  /** Forgets whom it served; it must be at rest. */
  release(): void {
    this.#sink = nobody
  }

  /** Between two messages. */
  get atRest(): boolean {
    return !this.#inMessage
  }

  /** Bytes set aside for the message at hand. */
  get heldBytes(): number {
    return this.#builderMade?.capacity ?? 0
  }

  /** Lets go of what has been gathered of the message at hand. */
  discard(): void {
    this.#builderMade?.clear()
    this.#builderMade = undefined
  }

  /** Takes the header of a data frame, before any of its payload: this is where limits strike. */
  begin(header: Readonly<FrameHeader>): ViolationCode | undefined {
    if (header.opcode === opcodes.continuation) {
      if (!this.#inMessage) return 'CONTINUATION_WITHOUT_START'
    } else {
      if (this.#inMessage) return 'MESSAGE_INTERRUPTED'
      this.#inMessage = true
      this.#isText = header.opcode === opcodes.text
      this.#streams = false
      this.#frames = 0
      this.#announced = 0
    }
    // Compared by subtraction: a sum could pass what a number holds exactly.
    const begins = !this.#streams && header.payloadLength >= this.#streamFrom - this.#announced
    const streams = this.#streams || begins
    if (header.payloadLength > this.#limit(streams) - this.#announced) {
      return streams ? 'STREAM_TOO_LONG' : 'MESSAGE_TOO_LONG'
    }
    if (this.#frames >= this.#limits.messageFrames) return 'MESSAGE_TOO_MANY_FRAMES'
    this.#announced += header.payloadLength
    if (!streams || header.payloadLength < shortFrame) this.#frames++
    this.#fin = header.fin
    this.#maskingKey = header.maskingKey
    if (begins) this.#beginStream()
    return undefined
  }

  /**
   * Takes a piece of the frame's payload: `source` from `start` to `end`, `offset` bytes into it, `last` when the frame
   * ends there. The last piece of a message hands the message to the sink.
   */
  append(source: Uint8Array, start: number, end: number, offset: number, last: boolean): ViolationCode | undefined {
    const complete = last && this.#fin
    if (this.#streams) return this.#deliverPiece(source, start, end, offset, complete)
    // A message wholly in one chunk, by far the most common: unmasked and decoded once, with nothing kept.
    if (complete && offset === 0 && this.#frames === 1) return this.#deliverWhole(source, start, end)

    const builder = this.#builder
    const before = builder.length
    // More fragments may follow, up to the limit; the last one tells the length of the whole.
    const bound = this.#fin ? this.#announced : this.#limits.messageBytes
    builder.append(source, start, end, this.#maskingKey, offset, bound, this.#fin)
    if (this.#isText) {
      const piece = builder.view(before)
      // §8.1 asks for failure when it is found; found here before the rest of the message has come.
      if (!this.#utf8.accept(piece, 0, piece.length)) return 'TEXT_NOT_UTF8'
      if (complete && !this.#utf8.complete) return 'TEXT_NOT_UTF8'
    }
    if (complete) this.#deliverBuilt()
    return undefined
  }

  get #builder(): ByteBuilder {
    return (this.#builderMade ??= new ByteBuilder(this.#isText))
  }

  get #utf8(): Utf8Validator {
    return (this.#validatorMade ??= new Utf8Validator())
  }

  #limit(streams: boolean): number {
    if (streams) return this.#limits.streamBytes
    return this.#isText ? Math.min(this.#limits.messageBytes, longestText) : this.#limits.messageBytes
  }

  #beginStream(): void {
    this.#streams = true
    this.#sink.streamBegins(this.#isText ? 'text' : 'binary', this.#takeBuilt())
  }

  #deliverPiece(
    source: Uint8Array,
    start: number,
    end: number,
    offset: number,
    complete: boolean,
  ): ViolationCode | undefined {
    if (end === start && !complete) return undefined
    const piece = new Uint8Array(end - start)
    copyMasked(source, start, end, piece, 0, this.#maskingKey, offset)
    if (this.#isText) {
      if (!this.#utf8.accept(piece, 0, piece.length)) return 'TEXT_NOT_UTF8'
      if (complete && !this.#utf8.complete) return 'TEXT_NOT_UTF8'
    }
    if (complete) this.#inMessage = false
    this.#sink.streamPiece(piece, complete)
    return undefined
  }

  #deliverWhole(source: Uint8Array, start: number, end: number): ViolationCode | undefined {
    // Before the sink is called: it may come back.
    this.#inMessage = false
    if (this.#isText) {
      const text = this.#decode(source, start, end)
      if (text === undefined) return 'TEXT_NOT_UTF8'
      this.#sink.text(text)
      return undefined
    }
    // Copied out, so that a message the application keeps does not pin the read buffer.
    const message = unwrittenBytes(end - start)
    copyMasked(source, start, end, message, 0, this.#maskingKey, 0)
    this.#sink.binary(message)
    return undefined
  }

  /** Decodes where it lies when it never was masked, or can be unmasked there; else in the scratch, if it fits. */
  #decode(source: Uint8Array, start: number, end: number): string | undefined {
    if (unmaskInPlace(source, start, end, this.#maskingKey)) return decodeUtf8(source, start, end)
    const length = end - start
    const target = length <= textScratch.length ? textScratch : new Uint8Array(length)
    copyMasked(source, start, end, target, 0, this.#maskingKey, 0)
    return decodeUtf8(target, 0, length)
  }

  #deliverBuilt(): void {
    this.#inMessage = false
    if (!this.#isText) {
      this.#sink.binary(this.#takeBuilt())
      return
    }
    const text = decodeValidUtf8(this.#builder.view())
    this.discard()
    this.#sink.text(text)
  }

  #takeBuilt(): Uint8Array {
    const bytes = this.#builder.take()
    this.#builderMade = undefined
    return bytes
  }
}
