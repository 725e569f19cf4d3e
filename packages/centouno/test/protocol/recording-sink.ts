import type { Closing } from '../../src/protocol/connection/closing.ts'
import type { Opcode } from '../../src/protocol/frame/opcode.ts'
import type { ConnectionSink } from '../../src/protocol/connection/sink.ts'
import { join, toHex } from './wire.ts'

/** One call of a sink, in a form that compares well. */
export type SinkEvent =
  | readonly ['text', string]
  | readonly ['binary', string]
  | readonly ['streamBegins', 'text' | 'binary', string]
  | readonly ['streamPiece', string, boolean]
  | readonly ['ping', string]
  | readonly ['pong', string]
  | readonly ['closeReceived', number, string]
  | readonly ['finish']
  | readonly ['abort']
  | readonly ['ended', Closing]

/** Keeps everything a connection tells, and may be given something to do when it is told. */
export class RecordingSink implements ConnectionSink {
  readonly events: SinkEvent[] = []
  readonly writes: Uint8Array[] = []
  onEvent: ((event: SinkEvent) => void) | undefined
  onWrite: ((bytes: Uint8Array) => void) | undefined

  get written(): Uint8Array {
    return join(...this.writes)
  }

  /** The account of the end; fails when there is none yet. */
  get closing(): Closing {
    const last = this.events.at(-1)
    if (last?.[0] !== 'ended') throw new Error(`not ended: ${JSON.stringify(this.events)}`)
    return last[1]
  }

  /** The names of the calls, in order. */
  get names(): string[] {
    return this.events.map((event) => event[0])
  }

  write(bytes: Uint8Array, start: number, end: number, _opcode: Opcode, payload?: Uint8Array): void {
    const frame = payload === undefined ? bytes.subarray(start, end) : join(bytes.subarray(start, end), payload)
    this.writes.push(frame)
    this.onWrite?.(frame)
  }
  text(message: string): void {
    this.#note(['text', message])
  }
  binary(message: Uint8Array): void {
    this.#note(['binary', toHex(message)])
  }
  streamBegins(kind: 'text' | 'binary', bytes: Uint8Array): void {
    this.#note(['streamBegins', kind, toHex(bytes)])
  }
  streamPiece(bytes: Uint8Array, last: boolean): void {
    this.#note(['streamPiece', toHex(bytes), last])
  }
  ping(payload: Uint8Array): void {
    this.#note(['ping', toHex(payload)])
  }
  pong(payload: Uint8Array): void {
    this.#note(['pong', toHex(payload)])
  }
  closeReceived(code: number, reason: string): void {
    this.#note(['closeReceived', code, reason])
  }
  finish(): void {
    this.#note(['finish'])
  }
  abort(): void {
    this.#note(['abort'])
  }
  ended(closing: Closing): void {
    this.#note(['ended', closing])
  }

  #note(event: SinkEvent): void {
    this.events.push(event)
    this.onEvent?.(event)
  }
}
