import type { ConnectionSink } from './sink.ts'
import { encodeFrame, encodeTextFrame } from '../frame/frame-encoder.ts'
import { maxControlPayload } from '../frame/header.ts'
import { type Opcode, opcodes } from '../frame/opcode.ts'
import { MaskingKeys } from './masking-keys.ts'
import { SendError } from './send-error.ts'

/** Writes frames, masked by a client, so that they make up messages (RFC 6455 §5.4). Whether one may be sent now is asked before. */
export class FrameWriter {
  readonly #sink: Pick<ConnectionSink, 'write'>
  readonly #maskingKeys: MaskingKeys | undefined
  /** The kind of the message that is being sent in fragments. */
  #inMessage: 'text' | 'binary' | undefined

  /** Throws a SendError when the client role has no source of masking keys. */
  constructor(
    role: 'client' | 'server',
    sink: Pick<ConnectionSink, 'write'>,
    maskingKey: (() => Uint8Array) | undefined,
  ) {
    this.#sink = sink
    this.#maskingKeys = role === 'client' ? new MaskingKeys(maskingKey) : undefined
  }

  /** Throws a SendError within a message, as `binary` does. */
  text(text: string): void {
    this.#mustBeBetweenMessages()
    this.#sink.write(encodeTextFrame(text, this.#maskingKeys?.next()), opcodes.text)
  }

  binary(bytes: Uint8Array): void {
    this.#mustBeBetweenMessages()
    this.#write(opcodes.binary, true, bytes)
  }

  /** Throws a SendError when `kind` changes within a message. */
  fragment(kind: 'text' | 'binary', bytes: Uint8Array, fin: boolean): void {
    if (this.#inMessage !== undefined && this.#inMessage !== kind) throw new SendError('MESSAGE_UNFINISHED')
    const opcode = this.#inMessage === undefined ? opcodes[kind] : opcodes.continuation
    this.#inMessage = fin ? undefined : kind
    this.#write(opcode, fin, bytes)
  }

  /** May come between the fragments of a message (§5.4). Throws a SendError for more than 125 bytes. */
  control(opcode: Opcode, payload: Uint8Array): void {
    if (payload.length > maxControlPayload) throw new SendError('CONTROL_PAYLOAD_TOO_LONG')
    this.#write(opcode, true, payload)
  }

  #mustBeBetweenMessages(): void {
    if (this.#inMessage !== undefined) throw new SendError('MESSAGE_UNFINISHED')
  }

  #write(opcode: Opcode, fin: boolean, payload: Uint8Array): void {
    this.#sink.write(encodeFrame(opcode, fin, payload, payload.length, this.#maskingKeys?.next()), opcode)
  }
}
