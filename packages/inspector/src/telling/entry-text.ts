import type { Language, Text } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import { span } from './styled-line.ts'
import type { StyledLine } from './styled-line.ts'

/** Bytes of a binary message that are shown. */
const shownBytes = 64

const kinds: Readonly<Record<Exclude<LogEntry['kind'], 'text'>, Text>> = {
  binary: { en: 'binary', zh: '二进制' },
  ping: { en: 'Ping', zh: 'Ping' },
  pong: { en: 'Pong', zh: 'Pong' },
  close: { en: 'Close', zh: 'Close' },
}

/** An entry of the log for a terminal: ⬆ sent, ⬇ received. Pure: the peer's text is in it as it came. */
export function entryText(entry: LogEntry, language: Language): StyledLine[] {
  const style = entry.direction === 'sent' ? 'sent' : 'received'
  const mark = span(entry.direction === 'sent' ? '⬆ ' : '⬇ ', style)
  if (entry.kind === 'text') {
    return entry.data.split(/\r?\n/).map((line, index) => [index === 0 ? mark : span('  '), span(line)])
  }
  const kind = span(`${kinds[entry.kind][language]} `, 'faint')
  return [[mark, kind, span(entry.kind === 'close' ? closeText(entry) : payloadText(entry, language))]]
}

function closeText({ code, data }: LogEntry): string {
  return code === undefined ? '' : `${code} ${data}`.trimEnd()
}

function payloadText({ data, bytes }: LogEntry, language: Language): string {
  const payload = Buffer.from(data, 'base64')
  const hex = (payload.subarray(0, shownBytes).toString('hex').match(/../g) ?? []).join(' ')
  const more = bytes > shownBytes ? ' …' : ''
  const size: Text = { en: `(${bytes} ${bytes === 1 ? 'byte' : 'bytes'})`, zh: `（${bytes} 字节）` }
  return `${hex}${more} ${size[language]}`.trimStart()
}
