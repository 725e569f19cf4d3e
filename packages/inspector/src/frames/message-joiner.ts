import type { ViolationCode } from 'centouno/telling'
import { heldPayload } from './frame-scanner.ts'
import type { ScannedFrame } from './frame-scanner.ts'
import type { MessageInflater } from './message-inflater.ts'
import { isControl, opcodes } from './opcode-names.ts'

/** What a frame is to its message. */
export interface FramePart {
  /** The opcode of the message it belongs to; that of the frame itself, where it belongs to none. */
  readonly messageOpcode: number
  readonly position: 'whole' | 'first' | 'middle' | 'last'
  readonly compressed: boolean
  /** The message, when this frame ends it and it came in fragments or was compressed. */
  readonly message: JoinedMessage | undefined
  readonly fault: ViolationCode | undefined
}

export interface JoinedMessage {
  readonly frames: number
  /** Bytes on the wire, of all its payloads. */
  readonly length: number
  /** As it crossed, masks taken off; cut at what is held. */
  readonly joined: Uint8Array
  /** Undefined when it was not compressed, or could not be inflated. */
  readonly inflated: Uint8Array | undefined
}

interface OpenMessage {
  readonly opcode: number
  readonly compressed: boolean
  readonly pieces: Uint8Array[]
  frames: number
  held: number
  length: number
}

/** Joins the fragments of one direction's messages (RFC 6455 §5.4), and inflates them where that was agreed. */
export class MessageJoiner {
  readonly #inflater: MessageInflater | undefined
  #open: OpenMessage | undefined

  constructor(inflater: MessageInflater | undefined) {
    this.#inflater = inflater
  }

  take(frame: ScannedFrame): FramePart {
    const { head } = frame
    if (isControl(head.opcode)) return alone(head.opcode, undefined)
    const continues = head.opcode === opcodes.continuation
    if (continues && this.#open === undefined) return alone(head.opcode, 'CONTINUATION_WITHOUT_START')
    const interrupts = !continues && this.#open !== undefined
    const message = (continues ? this.#open : undefined) ?? this.#begin(frame)
    this.#open = head.fin ? undefined : message
    add(message, frame)
    const isAlone = head.fin && message.frames === 1
    return {
      messageOpcode: message.opcode,
      position: isAlone ? 'whole' : head.fin ? 'last' : continues ? 'middle' : 'first',
      compressed: message.compressed,
      message: head.fin && (!isAlone || message.compressed) ? this.#finish(message) : undefined,
      fault: interrupts ? 'MESSAGE_INTERRUPTED' : undefined,
    }
  }

  #begin({ head }: ScannedFrame): OpenMessage {
    // RFC 7692 §6: RSV1 of the first frame says that the whole message is compressed.
    const compressed = this.#inflater !== undefined && head.reserved[0]
    return { opcode: head.opcode, compressed, pieces: [], frames: 0, held: 0, length: 0 }
  }

  #finish(message: OpenMessage): JoinedMessage {
    const joined = Buffer.concat(message.pieces)
    const inflated = message.compressed ? this.#inflater?.inflate(joined, joined.length === message.length) : undefined
    return { frames: message.frames, length: message.length, joined, inflated }
  }
}

function add(message: OpenMessage, { payload, payloadLength }: ScannedFrame): void {
  const piece = payload.subarray(0, heldPayload - message.held)
  if (piece.length > 0) message.pieces.push(piece)
  message.frames += 1
  message.held += piece.length
  message.length += payloadLength
}

function alone(opcode: number, fault: ViolationCode | undefined): FramePart {
  return { messageOpcode: opcode, position: 'whole', compressed: false, message: undefined, fault }
}
