import type { LogEntry } from '../agent/agent-message.ts'
import { encodeBase64 } from '../wire/base64.ts'
import type { Direction } from '../wire/tape.ts'
import type { ScannedFrame } from './frame-scanner.ts'
import type { FramePart } from './message-joiner.ts'
import { opcodes } from './opcode-names.ts'

/** What a frame completes, as a line of the log: a control frame, or a message. Undefined while more of it is to come. */
export function frameEntry(
  frame: ScannedFrame,
  part: FramePart,
  direction: Direction,
  atMs: number,
): LogEntry | undefined {
  const { payload, payloadLength, head } = frame
  const base = { direction, atMs, bytes: payloadLength }
  switch (head.opcode) {
    case opcodes.close:
      return { ...base, kind: 'close', ...closeContent(payload) }
    case opcodes.ping:
      return { ...base, kind: 'ping', data: encodeBase64(payload) }
    case opcodes.pong:
      return { ...base, kind: 'pong', data: encodeBase64(payload) }
    default:
      return messageEntry(frame, part, base)
  }
}

function messageEntry(
  { payload, payloadLength }: ScannedFrame,
  { position, messageOpcode, message, compressed }: FramePart,
  base: Pick<LogEntry, 'direction' | 'atMs'>,
): LogEntry | undefined {
  if (position === 'first' || position === 'middle') return undefined
  // A compressed message that could not be inflated has nothing to show but its size.
  const content = compressed ? (message?.inflated ?? new Uint8Array(0)) : (message?.joined ?? payload)
  const bytes = message?.inflated?.length ?? message?.length ?? payloadLength
  return messageOpcode === opcodes.text
    ? { ...base, kind: 'text', data: new TextDecoder().decode(content), bytes }
    : { ...base, kind: 'binary', data: encodeBase64(content), bytes }
}

const codeBytes = 2

/** As it crossed, whether or not the code may be sent. */
function closeContent(payload: Uint8Array): Pick<LogEntry, 'data' | 'code'> {
  const [high, low] = payload
  if (high === undefined || low === undefined) return { data: '' }
  return { data: new TextDecoder().decode(payload.subarray(codeBytes)), code: (high << 8) | low }
}
