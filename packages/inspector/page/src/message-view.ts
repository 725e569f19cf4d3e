import type { LogEntry } from '../../src/agent/agent-message.ts'
import { fromBase64, hexDump, prettyJson, toBase64, utf8Of } from './payload.ts'
import type { HexLine } from './payload.ts'

/** How much of one message is drawn: enough to read, never so much that the page stalls. */
export const bounds = { line: 200, text: 100_000, bytes: 4_096 } as const

/** The ways to read a message. */
export type MessageForm = 'text' | 'json' | 'hex' | 'base64'

/** One message as it is drawn. */
export interface MessageView {
  /** The ways in which it can be read, in the order in which one would. */
  readonly forms: readonly MessageForm[]
  readonly form: MessageForm
  readonly text: string
  /** Lines of a hex dump; empty for all other forms. */
  readonly hex: readonly HexLine[]
  /** How much is not drawn: bytes of a hex dump, characters of a text. */
  readonly hiddenCount: number
}

/** The payload's bytes as they crossed the wire; a Close's status code, which stands before its reason, left out. */
export function payloadOf(entry: LogEntry): Uint8Array {
  return isWritten(entry) ? utf8Of(entry.data) : (fromBase64(entry.data) ?? new Uint8Array())
}

/** A message in the form that is wished for; in the most telling one, when it cannot be read like that. */
export function messageView(entry: LogEntry, wished: MessageForm | undefined): MessageView {
  const text = textOf(entry)
  const json = text === undefined || text.length > bounds.text ? undefined : prettyJson(text)
  const forms: MessageForm[] = []
  if (json !== undefined) forms.push('json')
  if (text !== undefined) forms.push('text')
  if (isWritten(entry)) forms.push('hex', 'base64')
  else forms.unshift('hex', 'base64')
  const [first = 'hex'] = forms
  const form = wished !== undefined && forms.includes(wished) ? wished : first
  if (form === 'hex') {
    const bytes = payloadOf(entry)
    const shown = bytes.subarray(0, bounds.bytes)
    return { forms, form, text: '', hex: hexDump(shown), hiddenCount: bytes.length - shown.length }
  }
  const written = (form === 'base64' ? base64Of(entry) : form === 'json' ? json : text) ?? ''
  const shown = written.slice(0, bounds.text)
  return { forms, form, text: shown, hex: [], hiddenCount: written.length - shown.length }
}

/** All of a message in one form, for the clipboard. */
export function wholeMessage(entry: LogEntry, form: MessageForm): string {
  if (form === 'base64') return base64Of(entry)
  if (form === 'hex') return spacedHex(payloadOf(entry))
  const text = textOf(entry) ?? ''
  return form === 'json' ? (prettyJson(text) ?? text) : text
}

/** The beginning of a message on one line. */
export function lineOf(entry: LogEntry): string {
  if (isWritten(entry)) return entry.data.slice(0, bounds.line).replace(/\s+/g, ' ')
  // Four characters of base64 are three bytes.
  const start = fromBase64(entry.data.slice(0, Math.ceil(bounds.line / 9) * 4)) ?? new Uint8Array()
  return spacedHex(start)
}

function isWritten({ kind }: LogEntry): boolean {
  return kind === 'text' || kind === 'close'
}

/** Undefined for bytes that are no text. */
function textOf(entry: LogEntry): string | undefined {
  if (isWritten(entry)) return entry.data
  const bytes = payloadOf(entry)
  if (bytes.length === 0) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function base64Of(entry: LogEntry): string {
  return isWritten(entry) ? toBase64(payloadOf(entry)) : entry.data
}

function spacedHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
