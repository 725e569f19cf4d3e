import type { ConnectionLimits } from '../connection/limits.ts'
import type { ViolationCode } from '../connection/violations.ts'
import type { FrameHeader } from '../frame/header.ts'
import { copyMasked } from '../frame/masking.ts'
import { opcodes } from '../frame/opcode.ts'
import { ByteBuilder } from '../message/byte-builder.ts'
import { longestText, MessageAssembler, type MessageSink } from '../message/message-assembler.ts'
import { decodeUtf8 } from '../message/utf8.ts'
import { InflatedStream } from './inflated-stream.ts'
import type { Inflated, Inflater } from './inflater.ts'

/** Shorter frames of a stream count towards `messageFrames`, as in one that is not compressed. */
const shortFrame = 1024

/** Where payload that came whole is unmasked; used within one call, so one serves all. */
const payloadScratch = new Uint8Array(64 * 1024)

/**
 * Data frames to messages where `permessage-deflate` was agreed (RFC 7692 §6.2, §7.2.2). A message whose first frame has
 * RSV1 is inflated; all others go through as ever.
 */
export class DeflateAssembler {
  readonly #limits: ConnectionLimits
  readonly #sink: MessageSink
  readonly #streamFrom: number
  readonly #plain: MessageAssembler
  readonly #inflater: Inflater
  readonly #whenInflated: (violation: ViolationCode | undefined, now: number) => void
  readonly #builder = new ByteBuilder()
  /** What the message at hand is, from its first frame to its last. */
  #inMessage: 'plain' | 'compressed' | undefined
  #isText = false
  #frames = 0
  /** Payload of the message announced so far, as it is on the wire. */
  #announced = 0
  #stream: InflatedStream | undefined
  /** The frame at hand. */
  #fin = false
  #maskingKey = 0
  #pending = false

  /**
   * @param streamFrom as for a MessageAssembler: what counts is what a message comes to, or what is announced of it
   * @param whenInflated called when a message that took longer is inflated, or why it is not: reading goes on then
   */
  constructor(
    limits: ConnectionLimits,
    sink: MessageSink,
    streamFrom: number = Number.POSITIVE_INFINITY,
    inflater: Inflater,
    whenInflated: (violation: ViolationCode | undefined, now: number) => void,
  ) {
    this.#limits = limits
    this.#sink = sink
    this.#streamFrom = streamFrom
    this.#plain = new MessageAssembler(limits, sink, streamFrom)
    this.#inflater = inflater
    this.#whenInflated = whenInflated
  }

  /** A message is being inflated: nothing more may be given until `whenInflated`. */
  get pending(): boolean {
    return this.#pending
  }

  get heldBytes(): number {
    return this.#plain.heldBytes + this.#builder.capacity + (this.#pending ? this.#announced : 0)
  }

  discard(): void {
    this.#pending = false
    this.#plain.discard()
    this.#builder.clear()
    this.#inflater.stop()
  }

  begin(header: Readonly<FrameHeader>): ViolationCode | undefined {
    const compressed = header.reservedBits !== 0
    if (header.opcode === opcodes.continuation) {
      // RFC 7692 §6.1: RSV1 belongs to a message, and stands on its first frame only.
      if (compressed) return 'DEFLATE_BIT_MISPLACED'
      return this.#inMessage === 'compressed' ? this.#beginCompressed(header) : this.#beginPlain(header)
    }
    if (this.#inMessage !== undefined) return 'MESSAGE_INTERRUPTED'
    if (!compressed) return this.#beginPlain(header)
    this.#inMessage = 'compressed'
    this.#isText = header.opcode === opcodes.text
    this.#frames = 0
    this.#announced = 0
    this.#stream = undefined
    return this.#beginCompressed(header)
  }

  append(source: Uint8Array, start: number, end: number, offset: number, last: boolean): ViolationCode | undefined {
    const complete = last && this.#fin
    if (this.#inMessage === 'compressed') return this.#appendCompressed(source, start, end, offset, complete)
    // Before the sink is called: it may come back.
    if (complete) this.#inMessage = undefined
    return this.#plain.append(source, start, end, offset, last)
  }

  #beginPlain(header: Readonly<FrameHeader>): ViolationCode | undefined {
    this.#inMessage = 'plain'
    this.#fin = header.fin
    return this.#plain.begin(header)
  }

  #beginCompressed(header: Readonly<FrameHeader>): ViolationCode | undefined {
    const announced = this.#announced + header.payloadLength
    const streams = this.#stream !== undefined || this.#mustStream(header, announced)
    const limit = streams ? this.#limits.streamBytes : this.#messageLimit
    if (announced > mostCompressed(limit)) return streams ? 'STREAM_TOO_LONG' : 'MESSAGE_TOO_LONG'
    if (this.#frames >= this.#limits.messageFrames) return 'MESSAGE_TOO_MANY_FRAMES'
    if (!streams || header.payloadLength < shortFrame) this.#frames++
    this.#announced = announced
    this.#fin = header.fin
    this.#maskingKey = header.maskingKey
    if (streams) this.#stream ??= this.#openStream()
    return undefined
  }

  /** What comes whole and short is inflated at once, however long it then proves to be. */
  #mustStream(header: Readonly<FrameHeader>, announced: number): boolean {
    if (announced < this.#streamFrom) return false
    return !header.fin || this.#frames > 0 || announced > payloadScratch.length
  }

  get #messageLimit(): number {
    return this.#isText ? Math.min(this.#limits.messageBytes, longestText) : this.#limits.messageBytes
  }

  #appendCompressed(
    source: Uint8Array,
    start: number,
    end: number,
    offset: number,
    complete: boolean,
  ): ViolationCode | undefined {
    const length = end - start
    if (this.#stream !== undefined) {
      if (length === 0 && !complete) return undefined
      const held = this.#builder.take()
      const piece = new Uint8Array(held.length + length)
      piece.set(held)
      copyMasked(source, start, end, piece, held.length, this.#maskingKey, offset)
      this.#write(piece, complete)
      return undefined
    }
    if (complete && this.#builder.length === 0 && length <= payloadScratch.length) {
      copyMasked(source, start, end, payloadScratch, 0, this.#maskingKey, offset)
      return this.#inflate(payloadScratch.subarray(0, length))
    }
    const bound = this.#fin ? this.#announced : mostCompressed(this.#limits.messageBytes)
    this.#builder.append(source, start, end, this.#maskingKey, offset, bound, this.#fin)
    return complete ? this.#inflate(this.#builder.take()) : undefined
  }

  #inflate(payload: Uint8Array): ViolationCode | undefined {
    // Where it comes out too long for a message, it is inflated anew as a stream.
    const again = this.#streamFrom === Number.POSITIVE_INFINITY ? undefined : payload.slice()
    const done = (result: Inflated, now: number): void => {
      if (this.#streamsAnew(result, again)) return
      // Pending until it is told: what the sink brings in meanwhile comes after what waits.
      const violation = this.#deliver(result, true)
      this.#pending = false
      this.#whenInflated(violation, now)
    }
    const result = this.#inflater.inflate(payload, this.#messageLimit, done)
    if (result === undefined) this.#pending = true
    return result === undefined || this.#streamsAnew(result, again) ? undefined : this.#deliver(result, false)
  }

  /** True for a message that came out too long, and can still be had as a stream: that has begun then. */
  #streamsAnew(result: Inflated, payload: Uint8Array | undefined): boolean {
    if (result !== 'MESSAGE_TOO_LONG' || payload === undefined) return false
    this.#stream = this.#openStream()
    this.#write(payload, true)
    return true
  }

  #deliver(result: Inflated, owned: boolean): ViolationCode | undefined {
    if (typeof result === 'string') return result
    // Before the sink is called: it may come back.
    this.#inMessage = undefined
    if (!this.#isText) return this.#deliverBinary(owned ? result : result.slice())
    const text = decodeUtf8(result)
    if (text === undefined) return 'TEXT_NOT_UTF8'
    if (result.length < this.#streamFrom) this.#sink.text(text)
    else this.#deliverPiece('text', result.slice())
    return undefined
  }

  #deliverBinary(message: Uint8Array): undefined {
    if (message.length < this.#streamFrom) this.#sink.binary(message)
    else this.#deliverPiece('binary', message)
  }

  /** A stream for whoever wants one, though it came at once. */
  #deliverPiece(kind: 'text' | 'binary', message: Uint8Array): void {
    this.#sink.streamBegins(kind, new Uint8Array(0))
    this.#sink.streamPiece(message, true)
  }

  #openStream(): InflatedStream {
    return new InflatedStream(this.#inflater, this.#limits.streamBytes, this.#sink, this.#isText, (violation, now) => {
      this.#pending = false
      this.#whenInflated(violation, now)
    })
  }

  #write(piece: Uint8Array, complete: boolean): void {
    this.#pending = true
    const stream = this.#stream as InflatedStream
    if (complete) {
      this.#inMessage = undefined
      this.#stream = undefined
    }
    stream.write(piece, complete)
  }
}

/**
 * What a message of so many bytes can come to when it is compressed: blocks without compression add five bytes each, and
 * are a hundred bytes long where the sender is short of memory.
 */
function mostCompressed(bytes: number): number {
  return bytes + Math.ceil(bytes / 16) + 64
}
