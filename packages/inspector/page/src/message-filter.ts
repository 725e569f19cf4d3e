import type { LogEntry } from '../../src/agent/agent-message.ts'
import type { Lines } from './lines.ts'
import type { MessageBlock, MessageHistory, NumberedEntry } from './message-history.ts'
import { fromHex, utf8Of } from './payload.ts'
import { latin1 } from '../../src/wire/base64.ts'

/** Which lines the reader wants to see. */
export interface MessageFilter {
  readonly direction: LogEntry['direction'] | 'both'
  readonly kinds: ReadonlySet<LogEntry['kind']>
  /** In whichever case; of bytes also as hex. Empty: any. */
  readonly search: string
}

export const messageKinds: readonly LogEntry['kind'][] = ['text', 'binary', 'ping', 'pong', 'close']

/** Lets every line pass. */
export const noFilter: MessageFilter = { direction: 'both', kinds: new Set(messageKinds), search: '' }

/** True for a filter that every line passes. */
export function passesAll({ direction, kinds, search }: MessageFilter): boolean {
  return direction === 'both' && kinds.size === messageKinds.length && search === ''
}

/** Makes the question that the filter asks of each line. */
export function matcher({ direction, kinds, search }: MessageFilter): (entry: LogEntry) => boolean {
  const finds = finder(search)
  return (entry) =>
    (direction === 'both' || entry.direction === direction) && kinds.has(entry.kind) && (finds?.(entry) ?? true)
}

function finder(search: string): ((entry: LogEntry) => boolean) | undefined {
  if (search === '') return undefined
  const text = search.toLowerCase()
  const written = latin1(utf8Of(search))
  const bytes = fromHex(search)
  const hex = bytes === undefined || bytes.length === 0 ? undefined : latin1(bytes)
  return ({ kind, data, code }) => {
    if (kind === 'text' || kind === 'close') return data.toLowerCase().includes(text) || String(code ?? '') === search
    const payload = atob(data)
    return payload.includes(written) || (hex !== undefined && payload.includes(hex))
  }
}

/** The lines of a history that pass one filter. What was found in a block is kept for as long as the block is. */
export class FilteredHistory {
  readonly #passes: (entry: LogEntry) => boolean
  readonly #found = new WeakMap<MessageBlock, readonly NumberedEntry[]>()

  constructor(filter: MessageFilter) {
    this.#passes = matcher(filter)
  }

  /**
   * Looks through what was not looked through yet, until `mayGoOn` says no.
   *
   * @returns the lines that pass; undefined when there is more to look through.
   */
  lines(history: MessageHistory, mayGoOn: () => boolean): Lines | undefined {
    for (const block of history.blocks) {
      if (this.#found.has(block)) continue
      if (!mayGoOn()) return undefined
      this.#found.set(
        block,
        block.entries.filter(({ entry }) => this.#passes(entry)),
      )
    }
    return history.blocks.map((block) => this.#found.get(block) ?? [])
  }
}
