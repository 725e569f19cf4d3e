import type { LogEntry } from '../../src/agent/agent-message.ts'
import { nextFrame } from './frame-key.ts'
import type { FrameCounts, FrameKey } from './frame-key.ts'
import type { Lines } from './lines.ts'

/** A line of the log with its number, counted from 1 over the whole connection. */
export interface NumberedEntry {
  readonly number: number
  readonly entry: LogEntry
  /** The frame that carried it, or ended it. */
  readonly frame: FrameKey
}

/** Lines that follow one another. All but the newest block stay as they are: what was found out about one holds. */
export interface MessageBlock {
  readonly entries: readonly NumberedEntry[]
  /** Characters that its lines hold. */
  readonly characters: number
}

/** What was said on one connection: the newest lines, as many as memory is meant for. */
export interface MessageHistory {
  /** None of them is empty. */
  readonly blocks: readonly MessageBlock[]
  /** Lines told so far, the forgotten ones included. */
  readonly told: number
  /** The oldest lines, which are no longer kept. */
  readonly forgotten: number
  /** Lines told so far, by direction and kind. */
  readonly counts: FrameCounts
}

/** What is kept of one connection. The oldest block is dropped when it is more. */
export const historyBounds = { lines: 100_000, characters: 64 * 1024 * 1024 } as const

/** A block is full at whichever comes first: so that adding a line copies little, and dropping one drops little. */
export const blockBounds = { lines: 500, characters: 1024 * 1024 } as const

/** Nothing was said yet. */
export const emptyHistory: MessageHistory = { blocks: [], told: 0, forgotten: 0, counts: {} }

/** The history with more lines in it. */
export function tell(history: MessageHistory, lines: readonly LogEntry[]): MessageHistory {
  if (lines.length === 0) return history
  const blocks = [...history.blocks]
  let { told, counts } = history
  let open = blocks.pop()
  let entries = [...(open?.entries ?? [])]
  let characters = open?.characters ?? 0
  for (const entry of lines) {
    if (entries.length >= blockBounds.lines || characters >= blockBounds.characters) {
      blocks.push({ entries, characters })
      entries = []
      characters = 0
    }
    const [frame, after] = nextFrame(counts, entry.direction, entry.kind)
    counts = after
    told += 1
    entries.push({ number: told, entry, frame })
    characters += entry.data.length
  }
  open = { entries, characters }
  blocks.push(open)
  const dropped = excess(blocks)
  const forgotten = blocks.slice(0, dropped).reduce((sum, block) => sum + block.entries.length, history.forgotten)
  return { blocks: blocks.slice(dropped), told, forgotten, counts }
}

/** How many of the oldest blocks are too many. The newest stays, however long it is. */
function excess(blocks: readonly MessageBlock[]): number {
  let lines = 0
  let characters = 0
  const first = blocks.findLastIndex((block) => {
    lines += block.entries.length
    characters += block.characters
    return lines > historyBounds.lines || characters > historyBounds.characters
  })
  return Math.min(first + 1, blocks.length - 1)
}

/** Every line that is kept. */
export function linesOf({ blocks }: MessageHistory): Lines {
  return blocks.map(({ entries }) => entries)
}
