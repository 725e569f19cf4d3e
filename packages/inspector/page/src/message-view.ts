import type { LogEntry } from '../../src/agent/agent-message.ts'
import { fromBase64, hexDump, prettyJson } from './payload.ts'
import type { HexLine } from './payload.ts'

/** How much of a message is drawn: a glance at first, more on demand, and never so much that the page stalls. */
export const bounds = {
  text: { glance: 600, whole: 100_000 },
  binary: { glance: 64, whole: 4_096 },
} as const

/** One message as the log draws it. */
export interface EntryView {
  readonly text: string
  /** Lines of a hex dump; empty for text. */
  readonly hex: readonly HexLine[]
  readonly isJson: boolean
  /** There is more to see than a glance. */
  readonly mayUnfold: boolean
  /** How much is not drawn: bytes of a binary payload, characters of a text. */
  readonly hiddenBytes: number
}

/** What to draw of a message: `whole` lifts the first bound, `indented` lays out JSON. */
export function entryView(entry: LogEntry, whole: boolean, indented: boolean): EntryView {
  return entry.kind === 'text' || entry.kind === 'close'
    ? textView(entry.data, whole, indented)
    : binaryView(entry.data, whole)
}

function textView(data: string, whole: boolean, indented: boolean): EntryView {
  const json = data.length <= bounds.text.whole ? prettyJson(data) : undefined
  const text = indented && json !== undefined ? json : data
  const bound = whole || indented ? bounds.text.whole : bounds.text.glance
  const shown = text.slice(0, bound)
  return {
    text: shown,
    hex: [],
    isJson: json !== undefined,
    mayUnfold: !indented && data.length > bounds.text.glance,
    hiddenBytes: text.length - shown.length,
  }
}

function binaryView(data: string, whole: boolean): EntryView {
  const bytes = fromBase64(data) ?? new Uint8Array()
  const shown = bytes.subarray(0, whole ? bounds.binary.whole : bounds.binary.glance)
  return {
    text: '',
    hex: hexDump(shown),
    isJson: false,
    mayUnfold: bytes.length > bounds.binary.glance,
    hiddenBytes: bytes.length - shown.length,
  }
}
