import { fieldFaults, readHeadLines } from './field-lines.ts'
import { isTargetText, isToken, trimBlanks, versionDigits } from './grammar.ts'
import type { Field, HeadFault, RequestHead } from './head.ts'
import { quote } from './quote.ts'

interface RequestLine {
  readonly method: string
  readonly target: string
  readonly version: string
}

/** Reads the bytes of a request head. Never throws: whatever is wrong stands in `faults`, by rule id. */
export function parseRequestHead(bytes: Uint8Array): RequestHead {
  const { text, startLine, fields, ended, faults: lineFaults } = readHeadLines(bytes)
  const requestLine = readRequestLine(startLine)
  const faults: HeadFault[] = []
  if (!isComplete(requestLine)) faults.push({ rule: 'H-REQ-01', found: quote(startLine) })
  else if (!ended) faults.push({ rule: 'H-REQ-01', found: quote(text, text.length) })
  faults.push(...lineFaults)
  const { method, target, version } = requestLine
  return { method, target, version, fields, text, verbatim: true, faults }
}

/**
 * A request head from the parts that another parser, such as Node's `http`, made of it. Its text is rebuilt from the
 * parts, and faults are looked for in what is left of them.
 *
 * `rawHeaders` holds names and values in turn, as `IncomingMessage.rawHeaders` does.
 */
export function requestHeadFromParts(parts: {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly rawHeaders: readonly string[]
}): RequestHead {
  const fields: Field[] = []
  for (let index = 0; index + 1 < parts.rawHeaders.length; index += 2) {
    const name = parts.rawHeaders[index] as string
    fields.push({ name, value: trimBlanks(parts.rawHeaders[index + 1] as string) })
  }
  const startLine = `${parts.method} ${parts.target} HTTP/${parts.version}`
  const requestLine = readRequestLine(startLine)
  const { method, target, version } = requestLine
  const faults = fields.flatMap(fieldFaults)
  if (!isComplete(requestLine)) faults.unshift({ rule: 'H-REQ-01', found: quote(startLine) })
  const lines = [startLine, ...fields.map(({ name, value }) => `${name}: ${value}`)]
  return { method, target, version, fields, text: `${lines.join('\r\n')}\r\n\r\n`, verbatim: false, faults }
}

/**
 * Reads a request line (RFC 9112 §3). Parts that cannot be read are left empty; the target is what stands between the
 * first space and the last, so that a space inside it spoils the target and nothing else.
 *
 *     request-line = method SP request-target SP HTTP-version
 */
function readRequestLine(line: string): RequestLine {
  const firstSpace = line.indexOf(' ')
  const lastSpace = line.lastIndexOf(' ')
  const method = firstSpace === -1 ? line : line.slice(0, firstSpace)
  const target = line.slice(firstSpace + 1, Math.max(firstSpace + 1, lastSpace))
  return {
    method: isToken(method) ? method : '',
    target: isTargetText(target) ? target : '',
    version: versionDigits(line.slice(lastSpace + 1)) ?? '',
  }
}

function isComplete({ method, target, version }: RequestLine): boolean {
  return method !== '' && target !== '' && version !== ''
}
