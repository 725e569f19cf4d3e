import type { LogEntry } from '../../src/agent/agent-message.ts'
import type { Rung } from '../../src/wire/rung.ts'

/**
 * Names the frame that a line of the log is about: the how-manieth message, Ping, Pong or Close of its direction. Log and
 * ladder are told apart, and each keeps this order.
 */
export type FrameKey = string

/** How many of each there were. */
export type FrameCounts = Readonly<Record<string, number>>

/** The key of the next frame of this direction and kind, and the counts with it. */
export function nextFrame(
  counts: FrameCounts,
  direction: LogEntry['direction'],
  kind: LogEntry['kind'],
): readonly [FrameKey, FrameCounts] {
  const group = `${direction} ${kind === 'text' || kind === 'binary' ? 'message' : kind}`
  const number = (counts[group] ?? 0) + 1
  return [`${group} ${number}`, { ...counts, [group]: number }]
}

const kinds: ReadonlyMap<number, LogEntry['kind']> = new Map([
  [0x0, 'binary'],
  [0x1, 'text'],
  [0x2, 'binary'],
  [0x8, 'close'],
  [0x9, 'ping'],
  [0xa, 'pong'],
])

/** What a rung is to the log: the frame that ends a message, or a control frame; undefined for every other rung. */
export function loggedKind({ layer, bytes }: Rung): LogEntry['kind'] | undefined {
  if (layer !== 'websocket' || bytes === '') return undefined
  // The first two characters of base64 hold the first byte (RFC 6455 §5.2): FIN, and the opcode.
  const first = atob(bytes.slice(0, 4)).charCodeAt(0)
  const isFinal = (first & 0x80) !== 0
  return isFinal ? kinds.get(first & 0x0f) : undefined
}
