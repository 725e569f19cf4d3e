import type { ConnectionOptions } from './connection-options.ts'
import { type FrameExpectation, rsv1 } from '../frame/header.ts'
import { copyMasked } from '../frame/masking.ts'
import { isControl } from '../frame/opcode.ts'
import { DeflateAssembler } from '../deflate/deflate-assembler.ts'
import type { MessageAssembler, MessageSink } from '../message/message-assembler.ts'
import type { Clocks } from './clocks.ts'
import { ControlRate } from './control-rate.ts'
import type { ConnectionLimits } from './limits.ts'
import { type ReadingState, returnReadingState, takeReadingState } from './reading-state.ts'
import type { ViolationCode } from './violations.ts'
import { WaitingInput } from './waiting-input.ts'

/** What a peer's frames must be like (§5.1), and RSV1 where compression was agreed (RFC 7692 §6): the same for all. */
const expectations = {
  plain: { server: { masked: true, reservedBits: 0 }, client: { masked: false, reservedBits: 0 } },
  compressed: { server: { masked: true, reservedBits: rsv1 }, client: { masked: false, reservedBits: rsv1 } },
} as const

/** What a reader of frames needs of its connection. */
export interface FrameReaderOwner {
  /** False from the end of the peer's part on: what follows is not looked at. */
  readonly reads: boolean
  /** A control frame came; the payload is only valid during the call. Returns what is wrong with it. */
  controlFrame(opcode: number, payload: Uint8Array): ViolationCode | undefined
  /** Sets the time, where something goes on by itself: a message has been inflated. */
  timeIs(now: number): void
  /** Fails the connection. */
  fail(violation: ViolationCode): void
  terminate(now: number): void
}

/**
 * Reads frames in the order of their bytes: those of messages go to the assembler, control frames are gathered and told.
 * The other side of the FrameWriter.
 */
export class FrameReader {
  readonly #owner: FrameReaderOwner
  readonly #limits: ConnectionLimits
  readonly #sink: MessageSink
  readonly #streamFrom: number | undefined
  /** Where compression was agreed. */
  readonly #deflate: DeflateAssembler | undefined
  readonly #clocks: Clocks
  readonly #expected: FrameExpectation
  /** While a chunk is read, and until the message is whole that it left off in; the frame, where a message is `#deflate`'s. */
  #state: ReadingState | undefined
  // Made by the first control frame: most connections see few, and late.
  #controlRate: ControlRate | undefined
  // Made by the first that has to wait: most connections never do.
  #waiting: WaitingInput | undefined
  #receiving = false
  #now = 0

  constructor(owner: FrameReaderOwner, options: ConnectionOptions, clocks: Clocks) {
    const { limits, sink, inflater, streamFrom } = options
    this.#owner = owner
    this.#limits = limits
    this.#sink = sink
    this.#streamFrom = streamFrom
    this.#clocks = clocks
    this.#expected = expectations[inflater ? 'compressed' : 'plain'][options.role]
    this.#deflate =
      inflater &&
      new DeflateAssembler(limits, sink, streamFrom, inflater, (violation, now) => {
        owner.timeIs(now)
        this.#inflated(violation, now)
      })
  }

  /** How many control frames may come. */
  get controlRate(): ControlRate {
    return (this.#controlRate ??= new ControlRate(this.#limits.controlFramesPerSecond))
  }

  /** A message is being inflated: what comes meanwhile waits. */
  get inflating(): boolean {
    return this.#deflate?.pending === true && this.#owner.reads
  }

  /** Bytes set aside for a message that has not come to its end. */
  get incompleteBytes(): number {
    return (this.#deflate ?? this.#state?.assembler)?.heldBytes ?? 0
  }

  /** Lets go of the message at hand; nothing is read any more. */
  discard(): void {
    ;(this.#deflate ?? this.#state?.assembler)?.discard()
  }

  receive(bytes: Uint8Array, now: number): void {
    // Called from within the sink, or before it is that message's turn: the order is kept by letting them wait.
    if (this.#receiving || this.inflating) this.#waits().push(bytes)
    else this.#readAll(bytes, now)
  }

  /** Something happened that comes after the bytes before it. It is told as soon as they have been read. */
  keep(event: (now: number) => void): void {
    this.#waits().keep(event)
  }

  /** Reading goes on: a message that took longer has been inflated, or it cannot be. */
  #inflated(violation: ViolationCode | undefined, now: number): void {
    // The connection may be over, or have failed for another reason.
    if (!this.#owner.reads) return
    if (violation === undefined) this.#readAll(this.#waiting?.next(), now)
    else this.#owner.fail(violation)
    while (!this.inflating && this.#waiting?.tellNext(now) === true);
  }

  #readAll(bytes: Uint8Array | undefined, now: number): void {
    this.#receiving = true
    this.#now = now
    let done = false
    try {
      for (let chunk = bytes; chunk !== undefined; chunk = this.#waiting?.next()) {
        this.#read(chunk)
        if (this.inflating) break
      }
      done = true
    } finally {
      this.#receiving = false
      this.#comeToRest()
      if (!done) this.#owner.terminate(now)
    }
  }

  #read(chunk: Uint8Array): void {
    const state = (this.#state ??= takeReadingState(this.#expected, this.#limits, this.#sink, this.#streamFrom))
    const { decoder } = state
    decoder.feed(chunk)
    while (this.#owner.reads) {
      const step = decoder.next()
      if (step === 'more') return
      const violation = step === 'header' ? this.#takeHeader(state) : step === 'payload' ? this.#takePiece(state) : step
      if (violation !== undefined) this.#owner.fail(violation)
      else if (this.inflating) {
        this.#waits().putBack(decoder.takeRest())
        return
      }
    }
  }

  #comeToRest(): void {
    const state = this.#state
    if (state === undefined) return
    state.decoder.release()
    if (!state.decoder.atRest || !state.assembler.atRest) return
    this.#state = undefined
    returnReadingState(state)
  }

  #assemblerIn(state: ReadingState): MessageAssembler | DeflateAssembler {
    return this.#deflate ?? state.assembler
  }

  #waits(): WaitingInput {
    return (this.#waiting ??= new WaitingInput())
  }

  #takeHeader(state: ReadingState): ViolationCode | undefined {
    const { header } = state.decoder
    if (!isControl(header.opcode)) return this.#assemblerIn(state).begin(header)
    // RFC 7692 §6.1: what is compressed is messages.
    if (header.reservedBits !== 0) return 'DEFLATE_BIT_MISPLACED'
    return this.controlRate.admits(header.opcode, this.#now) ? undefined : 'CONTROL_FRAMES_TOO_MANY'
  }

  #takePiece(state: ReadingState): ViolationCode | undefined {
    const { decoder, control } = state
    const { header, chunk, pieceStart, pieceEnd, pieceOffset, frameEnds } = decoder
    if (!isControl(header.opcode)) {
      this.#clocks.message(this.#now)
      return this.#assemblerIn(state).append(chunk, pieceStart, pieceEnd, pieceOffset, frameEnds)
    }
    copyMasked(chunk, pieceStart, pieceEnd, control, pieceOffset, header.maskingKey, pieceOffset)
    if (!frameEnds) return undefined
    return this.#owner.controlFrame(header.opcode, control.subarray(0, header.payloadLength))
  }
}
