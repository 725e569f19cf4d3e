import { hidden } from 'centouno/telling'
import { rulesAbout } from '../telling/rule-places.ts'
import type { WirePlace } from '../telling/rule-places.ts'
import { latin1Bytes } from '../wire/base64.ts'
import type { WireField } from '../wire/rung.ts'

/** What stands on the wire's side of a place where a secret was: as many bytes as the mark has characters. */
export const hiddenBytes = '***'

/** A head as it may be told: its bytes, and every line of it as a field. */
export interface ToldHead {
  readonly bytes: Uint8Array
  readonly fields: readonly WireField[]
}

/**
 * Cuts a redacted head into its lines. The mark of a secret is one byte a character, so that a place in the text is the
 * same place in the bytes.
 *
 * @param side undefined for a head that the rules of the opening handshake do not speak of
 */
export function tellHead(text: string, kind: WirePlace['side'], side: WirePlace['side'] | undefined): ToldHead {
  const bytes = latin1Bytes(text.replaceAll(hidden, hiddenBytes))
  const fields: WireField[] = []
  let start = 0
  for (const whole of text.split(/(?<=\n)/)) {
    const line = whole.replace(/\r?\n$/, '')
    fields.push(fields.length === 0 ? startLine(line, kind, side) : fieldLine(line, start, whole.length, side))
    start += whole.length
  }
  return { bytes, fields }
}

/** The names of a start line's three parts (RFC 9112 §3, §4). */
const startLineParts = {
  request: { name: 'request-line', parts: ['method', 'request-target', 'HTTP-version'] },
  response: { name: 'status-line', parts: ['HTTP-version', 'status-code', 'reason-phrase'] },
} as const

function startLine(line: string, kind: WirePlace['side'], side: WirePlace['side'] | undefined): WireField {
  const { name, parts } = startLineParts[kind]
  const first = line.indexOf(' ')
  // A target is what stands between the first blank and the last; a reason may hold blanks itself.
  const second = kind === 'request' ? line.lastIndexOf(' ') : line.indexOf(' ', first + 1)
  const cuts =
    first === -1 ? [] : [0, first, first + 1, second <= first ? line.length : second, second + 1, line.length]
  const fields = parts.flatMap((part, index): WireField[] => {
    const [start = 0, end = 0] = cuts.slice(index * 2, index * 2 + 2)
    return end > start ? [{ name: part, value: line.slice(start, end), start, end }] : []
  })
  return { name, value: line, start: 0, end: line.length, ...rulesOf(side, 'start'), fields }
}

function fieldLine(line: string, start: number, length: number, side: WirePlace['side'] | undefined): WireField {
  if (line === '') return { name: 'CRLF', value: '', start, end: start + length }
  const colon = line.indexOf(':')
  const end = start + line.length
  if (colon === -1) return { name: 'field-line', value: line, start, end }
  const name = line.slice(0, colon)
  return { name, value: line.slice(colon + 1).trim(), start, end, ...rulesOf(side, name.trim().toLowerCase()) }
}

function rulesOf(side: WirePlace['side'] | undefined, part: string): Pick<WireField, 'rules'> {
  const ids = side === undefined ? [] : rulesAbout({ side, part })
  return ids.length === 0 ? {} : { rules: ids }
}
