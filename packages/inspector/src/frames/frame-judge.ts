import { blankHeader, readClosePayload, tryReadHeader } from 'centouno/telling'
import type { Text, ViolationCode } from 'centouno/telling'
import { violationRow } from 'centouno/telling'
import type { Direction } from '../wire/tape.ts'
import type { ScannedFrame } from './frame-scanner.ts'
import type { FramePart } from './message-joiner.ts'
import { isControl, opcodes } from './opcode-names.ts'

/** A rule that a frame breaks. */
export interface FrameFault {
  readonly sentence: Text
  readonly clause: string
}

/** RSV1, of three bits the highest (RFC 7692 §6). */
const deflateBit = 0b100

const afterClose: FrameFault = {
  sentence: {
    en: 'It comes after this side’s Close, after which nothing may be sent.',
    zh: '它出现在这一方的 Close 之后，而 Close 之后不得再发送任何内容。',
  },
  clause: 'RFC 6455 §5.5.1',
}

const misplacedDeflateBit: FrameFault = {
  sentence: {
    en: 'RSV1 says that a message is compressed: it belongs on the first frame of a message, and on no control frame.',
    zh: 'RSV1 表示消息经过压缩：它只应出现在消息的第一帧上，不应出现在控制帧上。',
  },
  clause: 'RFC 7692 §6.1',
}

/** Judges frames as the side that receives them has to. */
export class FrameJudge {
  readonly #direction: Direction
  readonly #deflates: boolean
  #closed = false

  constructor(direction: Direction, deflates: boolean) {
    this.#direction = direction
    this.#deflates = deflates
  }

  /** The rule that this frame breaks; undefined when it keeps them all. */
  judge(frame: ScannedFrame, part: FramePart): FrameFault | undefined {
    const late = this.#closed
    if (frame.head.opcode === opcodes.close) this.#closed = true
    const code = this.#headerFault(frame) ?? part.fault ?? payloadFault(frame, part)
    if (code !== undefined) return { sentence: violationRow(code).sentence, clause: violationRow(code).clause }
    const { opcode, reserved } = frame.head
    if (reserved[0] && (isControl(opcode) || opcode === opcodes.continuation)) return misplacedDeflateBit
    return late ? afterClose : undefined
  }

  #headerFault({ header }: ScannedFrame): ViolationCode | undefined {
    const expected = { masked: this.#direction === 'sent', reservedBits: this.#deflates ? deflateBit : 0 }
    const result = tryReadHeader(header, 0, header.length, expected, blankHeader())
    return typeof result === 'string' ? result : undefined
  }
}

function payloadFault(frame: ScannedFrame, part: FramePart): ViolationCode | undefined {
  if (frame.head.opcode === opcodes.close) {
    const close = readClosePayload(frame.payload)
    return typeof close === 'string' ? close : undefined
  }
  const isLast = part.position === 'whole' || part.position === 'last'
  if (part.messageOpcode !== opcodes.text || isControl(frame.head.opcode) || !isLast) return undefined
  const text = part.compressed ? part.message?.inflated : (part.message?.joined ?? frame.payload)
  const length = part.compressed ? text?.length : (part.message?.length ?? frame.payloadLength)
  // What was cut may end in the middle of a character.
  return text !== undefined && text.length === length && !isUtf8(text) ? 'TEXT_NOT_UTF8' : undefined
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
