import type { Language, Text } from 'centouno/telling'
import { decodeBase64 } from '../wire/base64.ts'
import type { Rung, WireField } from '../wire/rung.ts'
import { padRight } from './columns.ts'
import { derivedNames } from './ladder-names.ts'
import { span } from './styled-line.ts'
import type { StyledLine } from './styled-line.ts'

const words = {
  cut: { en: 'The first {shown} of {count} bytes.', zh: '共 {count} 字节，这里是前 {shown} 字节。' },
  redacted: { en: 'Secrets are replaced by ***.', zh: '敏感内容已用 *** 代替。' },
} satisfies Record<string, Text>

const bytesPerLine = 16
const indent = '      '
/** Characters of a value: what is longer stands in the bytes. */
const longestValue = 100

/** What an arrow of the ladder says, its bytes as hexadecimal digits and text, and its fields. Pure. */
export function bytesLines(rung: Rung, language: Language): StyledLine[] {
  const bytes = decodeBase64(rung.bytes)
  const lines: StyledLine[] = [
    [span(`${indent}${rung.sentence[language]}`), span(`  ${rung.clause}`, 'faint')],
    ...hexLines(bytes),
    ...cutLine(bytes.length, rung.byteCount, language),
    ...(rung.redacted === true ? [[span(`${indent}${words.redacted[language]}`, 'note')]] : []),
    ...fieldLines(rung.fields, language, 0),
  ]
  for (const { kind, bytes: derived, byteCount, text } of rung.derived ?? []) {
    const content = decodeBase64(derived)
    lines.push([span(`${indent}${derivedNames[kind][language]}`, 'strong')], ...hexLines(content))
    lines.push(...cutLine(content.length, byteCount, language))
    if (text !== undefined) lines.push([span(`${indent}${text}`)])
  }
  return [...lines, []]
}

/** `0000  47 45 54 20 …  GET ` */
function hexLines(bytes: Uint8Array): StyledLine[] {
  const lines: StyledLine[] = []
  for (let at = 0; at < bytes.length; at += bytesPerLine) {
    const row = [...bytes.subarray(at, at + bytesPerLine)]
    const digits = row.map((byte) => byte.toString(16).padStart(2, '0'))
    const hex = [digits.slice(0, 8).join(' '), digits.slice(8).join(' ')].join('  ')
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('')
    const place = at.toString(16).padStart(4, '0')
    lines.push([span(`${indent}${place}  `, 'faint'), span(padRight(hex, bytesPerLine * 3)), span(`  ${text}`, 'note')])
  }
  return lines
}

function cutLine(shown: number, count: number, language: Language): StyledLine[] {
  // Where secrets were replaced, there may be more of them than crossed.
  if (shown >= count || shown === 0) return []
  const text = words.cut[language].replace('{shown}', String(shown)).replace('{count}', String(count))
  return [[span(`${indent}${text}`, 'faint')]]
}

function fieldLines(fields: readonly WireField[], language: Language, depth: number): StyledLine[] {
  return fields.flatMap((field) => {
    const { name, value, start, end, bits, meaning } = field
    const place = bits === undefined ? `[${start}–${end - 1}]` : `[${start}.${bits[0]}–${bits[1]}]`
    const shown = value.length > longestValue ? `${value.slice(0, longestValue)}…` : value
    const line: StyledLine = [
      span(`${indent}${'  '.repeat(depth)}`),
      span(name, 'strong'),
      span(shown === '' ? '' : `: ${shown}`),
      span(`  ${place}`, 'faint'),
      span(meaning === undefined ? '' : `  ${meaning[language]}`, 'faint'),
    ]
    return [line, ...fieldLines(field.fields ?? [], language, depth + 1)]
  })
}
