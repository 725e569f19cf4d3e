import type { LogEntry } from '../../src/agent/agent-message.ts'
import { messageView } from './message-view.ts'
import { prettyJson, toBase64, utf8Of } from './payload.ts'
import type { Payload, PayloadForm } from './payload.ts'

/** What stands in the box of a tab, and how it is to be sent. */
export interface MessageDraft {
  text: string
  form: PayloadForm
  /** Milliseconds between two of a message that is repeated, as typed. */
  every: string
  /** The line that repeats a message is unfolded. */
  repeating: boolean
}

export function emptyDraft(): MessageDraft {
  return { text: '', form: 'text', every: '1000', repeating: false }
}

/** RFC 6455 §5.5: the payload of a control frame. */
export const pingBytes = 125

/** Between two of a message that is repeated. */
export const interval = { least: 10, most: 3_600_000 } as const

/** Milliseconds as typed; undefined for what is none, or out of bounds. */
export function readInterval(text: string): number | undefined {
  const every = /^\s*\d{1,7}\s*$/.test(text) ? Number(text) : Number.NaN
  return every >= interval.least && every <= interval.most ? every : undefined
}

/** What a Ping with this payload carries, in base64, and how many bytes they are. */
export function pingPayload(payload: Payload): { readonly data: string; readonly bytes: number } {
  const data = payload.kind === 'text' ? toBase64(utf8Of(payload.data)) : payload.data
  return { data, bytes: atob(data).length }
}

/** A message of the log as it is sent again. */
export function payloadAgain({ kind, data }: LogEntry): Payload {
  return { kind: kind === 'text' ? 'text' : 'binary', data }
}

/** Puts a message of the log into the box. */
export function edit(draft: MessageDraft, entry: LogEntry): void {
  if (entry.kind !== 'text') {
    draft.form = 'base64'
    draft.text = entry.data
    return
  }
  const { form, hiddenCount } = messageView(entry, undefined)
  draft.form = form === 'json' ? 'json' : 'text'
  draft.text = form === 'json' && hiddenCount === 0 ? (prettyJson(entry.data) ?? entry.data) : entry.data
}
