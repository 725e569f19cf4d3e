import type { LogEntry } from '../agent/agent-message.ts'
import type { Agreement } from '../http/upgrade-request.ts'
import { rungBytes, rungBytesLimit } from '../wire/layer-reader.ts'
import type { LayerReader, RungDraft, TellRung } from '../wire/layer-reader.ts'
import type { DerivedBytes } from '../wire/rung.ts'
import type { Direction, TapePiece } from '../wire/tape.ts'
import { frameEntry } from './frame-entry.ts'
import { frameFields } from './frame-fields.ts'
import type { FrameJudge } from './frame-judge.ts'
import type { ScannedFrame } from './frame-scanner.ts'
import { frameLabel, frameSentence } from './frame-words.ts'
import type { FramePart } from './message-joiner.ts'
import { isControl, opcodes } from './opcode-names.ts'
import { readingSide } from './reading-side.ts'
import type { ReadingSide } from './reading-side.ts'

/** Tells every frame of an open connection, in both directions. */
export class FramesReader implements LayerReader {
  readonly #tell: TellRung
  readonly #message: ((entry: LogEntry) => void) | undefined
  readonly #sides: Readonly<Record<Direction, ReadingSide>>

  /** @param message is told each message and control frame as it ends, as a line of a log */
  constructor(agreement: Agreement, tell: TellRung, message?: (entry: LogEntry) => void) {
    this.#tell = tell
    this.#message = message
    this.#sides = { sent: readingSide('sent', agreement), received: readingSide('received', agreement) }
  }

  receive({ direction, bytes, atMs }: TapePiece): void {
    const { scanner, joiner, judge } = this.#sides[direction]
    for (const frame of scanner.receive(bytes)) {
      const part = joiner.take(frame)
      this.#tell(frameRung(frame, part, judge, direction, atMs))
      const entry = this.#message && frameEntry(frame, part, direction, atMs)
      if (entry !== undefined) this.#message?.(entry)
    }
  }

  end(atMs: number): void {
    for (const direction of ['sent', 'received'] as const) {
      const { unfinished, lost } = this.#sides[direction].scanner
      if (unfinished === undefined || lost) continue
      const { header, payloadBytes, payloadLength } = unfinished
      this.#tell({
        ...ends(direction, atMs),
        ...rungBytes(header),
        byteCount: header.length + payloadBytes,
        label: { en: 'Unfinished frame', zh: '不完整的帧' },
        sentence: {
          en: `The connection ended in the middle of a frame: ${payloadBytes} of ${payloadLength} bytes of payload had come.`,
          zh: `一帧还没传完，连接就断了：${payloadLength} 字节的载荷只到了 ${payloadBytes} 字节。`,
        },
        clause: 'RFC 6455 §7.1.1',
        alarming: true,
        fields: [],
      })
    }
  }
}

function frameRung(
  frame: ScannedFrame,
  part: FramePart,
  judge: FrameJudge,
  direction: Direction,
  atMs: number,
): RungDraft {
  const fault = judge.judge(frame, part)
  const sentence = frameSentence(frame, part, direction)
  const derived = derivedBytes(frame, part)
  return {
    ...ends(direction, atMs),
    ...rungBytes(frame.wire),
    byteCount: frame.header.length + frame.payloadLength,
    label: frameLabel(frame, part),
    sentence: fault
      ? { en: `${sentence.en} ${fault.sentence.en}`, zh: `${sentence.zh}${fault.sentence.zh}` }
      : sentence,
    clause: fault?.clause ?? clauseOf(frame.head.opcode),
    alarming: fault !== undefined,
    fields: frameFields(frame),
    ...(derived.length === 0 ? {} : { derived }),
  }
}

function derivedBytes({ head, payload, payloadLength }: ScannedFrame, part: FramePart): readonly DerivedBytes[] {
  const isText = part.messageOpcode === opcodes.text && !isControl(head.opcode)
  const readable = isText && !part.compressed
  const { message } = part
  return [
    ...(payloadLength > 0 && (head.masked || readable)
      ? [derivedFrom('payload', payload, payloadLength, readable)]
      : []),
    ...(message !== undefined && message.frames > 1
      ? [derivedFrom('message', message.joined, message.length, readable)]
      : []),
    ...(message?.inflated === undefined
      ? []
      : [derivedFrom('inflated', message.inflated, message.inflated.length, isText)]),
  ]
}

function derivedFrom(kind: DerivedBytes['kind'], bytes: Uint8Array, byteCount: number, isText: boolean): DerivedBytes {
  const kept = bytes.subarray(0, rungBytesLimit)
  return {
    kind,
    bytes: rungBytes(kept).bytes,
    byteCount,
    // A character cut in two at the end is left out; one that is damaged shows as U+FFFD.
    ...(isText ? { text: new TextDecoder().decode(kept, { stream: true }) } : {}),
  }
}

function clauseOf(opcode: number): string {
  if (opcode === opcodes.close) return 'RFC 6455 §5.5.1'
  if (opcode === opcodes.ping) return 'RFC 6455 §5.5.2'
  if (opcode === opcodes.pong) return 'RFC 6455 §5.5.3'
  return opcode === opcodes.continuation ? 'RFC 6455 §5.4' : 'RFC 6455 §5.6'
}

function ends(
  direction: Direction,
  atMs: number,
): Pick<RungDraft, 'layer' | 'from' | 'to' | 'atMs' | 'inferred' | 'decrypted'> {
  const [from, to] = direction === 'sent' ? (['client', 'server'] as const) : (['server', 'client'] as const)
  return { layer: 'websocket', from, to, atMs, inferred: false, decrypted: false }
}
