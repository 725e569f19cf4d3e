import type { ConnectionSink } from './sink.ts'
import { encodeFrame, encodeHeader, encodeTextFrame } from '../frame/frame-encoder.ts'
import { maxControlPayload } from '../frame/header.ts'
import { type Opcode, opcodes } from '../frame/opcode.ts'
import type { Region } from '../frame/slab.ts'
import { MaskingKeys } from './masking-keys.ts'
import { SendError } from './send-error.ts'

/**
 * From so many bytes on, the payload of a server's message leaves from where it is: to copy it would cost more than the
 * second piece of the write. Not less than the mark of a Node stream, so that such a write is taken or waited for.
 */
export const unmovedFrom: number = 64 * 1024

/** RSV1 in the first byte of a frame. */
const compressedBit = 0x40

/** A whole message as a frame: `bytes` from `start` to `end`, which nobody changes any more. */
export interface EncodedFrame extends Readonly<Region> {
  readonly opcode: Opcode
}

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
    const { bytes, start, end } = encodeTextFrame(text, this.#maskingKeys?.next())
    this.#sink.write(bytes, start, end, opcodes.text)
  }

  /** The bytes are copied, unless they are many and need no masking: those must stay as they are until they have left. */
  binary(message: Uint8Array): void {
    this.#mustBeBetweenMessages()
    if (message.length < unmovedFrom || this.#maskingKeys) {
      this.#write(opcodes.binary, true, message)
      return
    }
    const { bytes, start, end } = encodeHeader(opcodes.binary, true, message.length)
    this.#sink.write(bytes, start, end, opcodes.binary, message)
  }

  /** A frame that was encoded before. */
  encoded({ bytes, start, end, opcode }: EncodedFrame): void {
    this.#mustBeBetweenMessages()
    this.#sink.write(bytes, start, end, opcode)
  }

  /** A message whose payload was compressed: RSV1 says so (RFC 7692 §6.1). */
  compressed(kind: 'text' | 'binary', payload: Uint8Array): void {
    this.#mustBeBetweenMessages()
    const opcode = opcodes[kind]
    const { bytes, start, end } = encodeFrame(opcode, true, payload, payload.length, this.#maskingKeys?.next())
    bytes[start] = (bytes[start] as number) | compressedBit
    this.#sink.write(bytes, start, end, opcode)
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
    const { bytes, start, end } = encodeFrame(opcode, fin, payload, payload.length, this.#maskingKeys?.next())
    this.#sink.write(bytes, start, end, opcode)
  }
}
