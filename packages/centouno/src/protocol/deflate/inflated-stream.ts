import type { ViolationCode } from '../connection/violations.ts'
import type { MessageSink } from '../message/message-assembler.ts'
import { Utf8Validator } from '../message/utf8.ts'
import type { InflateFault, Inflater, InflatingStream } from './inflater.ts'

const noBytes = new Uint8Array(0)

/** A compressed message on its way to a sink that takes it in pieces. */
export class InflatedStream {
  readonly #sink: MessageSink
  readonly #isText: boolean
  readonly #utf8 = new Utf8Validator()
  readonly #stream: InflatingStream
  #last = false
  #violation: ViolationCode | undefined

  /** @param written called when what was given to `write` has been told to the sink, or why it cannot be */
  constructor(
    inflater: Inflater,
    limit: number,
    sink: MessageSink,
    isText: boolean,
    written: (violation: ViolationCode | undefined, now: number) => void,
  ) {
    this.#sink = sink
    this.#isText = isText
    this.#stream = inflater.open(limit, {
      piece: (bytes) => this.#piece(bytes),
      written: (fault, now) => written(this.#end(fault), now),
    })
    sink.streamBegins(isText ? 'text' : 'binary', noBytes)
  }

  write(payload: Uint8Array, last: boolean): void {
    this.#last = last
    this.#stream.write(payload, last)
  }

  #piece(bytes: Uint8Array): void {
    if (this.#violation !== undefined) return
    if (this.#isText && !this.#utf8.accept(bytes, 0, bytes.length)) this.#violation = 'TEXT_NOT_UTF8'
    else this.#sink.streamPiece(bytes, false)
  }

  #end(fault: InflateFault | undefined): ViolationCode | undefined {
    const violation = this.#violation ?? fault
    if (violation !== undefined || !this.#last) return violation
    if (!this.#utf8.complete) return 'TEXT_NOT_UTF8'
    this.#sink.streamPiece(noBytes, true)
    return undefined
  }
}
