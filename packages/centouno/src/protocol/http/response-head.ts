import { readHeadLines } from './field-lines.ts'
import { forbiddenIndex, versionDigits } from './grammar.ts'
import type { HeadFault, ResponseHead } from './head.ts'
import { quote } from './quote.ts'

interface StatusLine {
  readonly version: string
  readonly status: number
  readonly reason: string
  readonly wellFormed: boolean
}

/** Reads the bytes of a response head. Never throws: whatever is wrong stands in `faults`, by rule id. */
export function parseResponseHead(bytes: Uint8Array): ResponseHead {
  const { text, leadingEmptyLines, startLine, fields, ended, faults: lineFaults } = readHeadLines(bytes)
  const { version, status, reason, wellFormed } = readStatusLine(startLine)
  const faults: HeadFault[] = []
  // Only a server may skip empty lines (RFC 9112 §2.2): before a response they are bytes nobody asked for.
  if (leadingEmptyLines > 0) faults.push({ rule: 'H-RES-11', found: quote(text) })
  if (!wellFormed) faults.push({ rule: 'H-RES-11', found: quote(startLine) })
  else if (!ended) faults.push({ rule: 'H-RES-11', found: quote(text, text.length) })
  faults.push(...lineFaults)
  return { version, status, reason, fields, text, verbatim: true, faults }
}

/**
 * Reads a status line (RFC 9112 §4). The space after the status code must be there even when no reason follows it.
 *
 *     status-line   = HTTP-version SP status-code SP [ reason-phrase ]
 *     status-code   = 3DIGIT
 *     reason-phrase = 1*( HTAB / SP / VCHAR / obs-text )
 */
function readStatusLine(line: string): StatusLine {
  const firstSpace = line.indexOf(' ')
  const secondSpace = firstSpace === -1 ? -1 : line.indexOf(' ', firstSpace + 1)
  const version = versionDigits(firstSpace === -1 ? line : line.slice(0, firstSpace))
  const code = firstSpace === -1 ? '' : line.slice(firstSpace + 1, secondSpace === -1 ? line.length : secondSpace)
  const codeRead = /^[0-9]{3}$/.test(code)
  const reason = secondSpace === -1 ? '' : line.slice(secondSpace + 1)
  const reasonRead = forbiddenIndex(reason) === -1
  return {
    version: version ?? '',
    status: codeRead ? Number(code) : 0,
    reason: reasonRead ? reason : '',
    wellFormed: version !== undefined && codeRead && secondSpace !== -1 && reasonRead,
  }
}
