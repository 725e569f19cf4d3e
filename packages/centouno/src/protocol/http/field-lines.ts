import { decodeLatin1 } from '../encoding/latin1.ts'
import { forbiddenIndex, isBlankAt, isToken, trimBlanks } from './grammar.ts'
import type { Field, HeadFault } from './head.ts'
import { leadingEmptyLineLimit } from './head-limits.ts'
import { quote } from './quote.ts'

/** A head taken apart into its lines, the start line still whole: what requests and responses have in common. */
export interface HeadLines {
  /** The head as sent, up to its empty line. */
  readonly text: string
  readonly leadingEmptyLines: number
  readonly startLine: string
  readonly fields: readonly Field[]
  /** False when the bytes stopped before the empty line. */
  readonly ended: boolean
  readonly faults: readonly HeadFault[]
}

/**
 * Reads the lines of a head (RFC 9112 §2.1), up to the empty line; what follows it is not looked at.
 *
 *     HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ message-body ]
 *     field-line   = field-name ":" OWS field-value OWS
 */
export function readHeadLines(bytes: Uint8Array): HeadLines {
  const lines = new LineCursor(decodeLatin1(bytes))
  let startLine = lines.next()
  let leadingEmptyLines = 0
  while (startLine === '' && !lines.stopped && leadingEmptyLines < leadingEmptyLineLimit) {
    leadingEmptyLines++
    startLine = lines.next()
  }

  const fields = new FieldLines()
  let line = startLine
  while (line !== '' && !lines.stopped) {
    line = lines.next()
    if (line !== '') fields.add(line)
  }
  return {
    text: lines.read,
    leadingEmptyLines,
    startLine,
    fields: fields.fields,
    ended: !lines.stopped,
    faults: [...lines.faults, ...fields.faults],
  }
}

/** Gives one line after the other, without its end. */
class LineCursor {
  readonly #text: string
  #position = 0
  /** True once the text has stopped in the middle of a line. */
  stopped = false
  /** The first lone LF (H-H1-10); the ones after it would say nothing new. */
  readonly faults: HeadFault[] = []

  constructor(text: string) {
    this.#text = text
  }

  /** The text of all lines given so far, with their ends. */
  get read(): string {
    return this.#text.slice(0, this.#position)
  }

  next(): string {
    const start = this.#position
    const lineFeed = this.#text.indexOf('\n', start)
    if (lineFeed === -1) {
      this.stopped = true
      this.#position = this.#text.length
      return this.#text.slice(start)
    }
    this.#position = lineFeed + 1
    if (lineFeed > start && this.#text[lineFeed - 1] === '\r') return this.#text.slice(start, lineFeed - 1)
    if (this.faults.length === 0) {
      const line = this.#text.slice(start, lineFeed + 1)
      this.faults.push({ rule: 'H-H1-10', found: quote(line, line.length - 1) })
    }
    return this.#text.slice(start, lineFeed)
  }
}

/** Reads field lines, and goes on past their faults. */
class FieldLines {
  readonly fields: Field[] = []
  readonly faults: HeadFault[] = []
  /** The field a folded line would continue. */
  #last: Field | undefined

  add(line: string): void {
    if (isBlankAt(line, 0)) return this.#unfold(line)
    const colon = line.indexOf(':')
    if (colon === -1) {
      this.#last = undefined
      this.faults.push({ rule: 'H-H1-09', found: quote(line) })
      return
    }
    // RFC 9112 §5.1: no blank before the colon. Parsers that differ here have been used to smuggle requests.
    const blankBeforeColon = isBlankAt(line, colon - 1)
    if (blankBeforeColon) this.faults.push({ rule: 'H-H1-04', found: quote(line, colon - 1) })
    const nameAsSent = line.slice(0, colon)
    const name = blankBeforeColon ? trimBlanks(nameAsSent) : nameAsSent
    const value = trimBlanks(line.slice(colon + 1))
    this.#last = { name, value }
    this.fields.push(this.#last)
    findFaults(this.#last, this.faults)
  }

  /** A line that begins with a blank continues the one before it (obs-fold, RFC 9112 §5.2): refused, yet read. */
  #unfold(line: string): void {
    this.faults.push({ rule: 'H-H1-05', found: quote(line) })
    if (this.#last === undefined) return
    const { name, value } = this.#last
    const continuation = trimBlanks(line)
    this.faults.push(...fieldFaults({ name, value: continuation }).filter(({ rule }) => rule === 'H-H1-06'))
    this.#last = { name, value: trimBlanks(`${value} ${continuation}`) }
    this.fields[this.fields.length - 1] = this.#last
  }
}

/** The faults of one field taken by itself: a name that is no token (H-H1-09), control bytes in the value (H-H1-06). */
export function fieldFaults(field: Field): HeadFault[] {
  const faults: HeadFault[] = []
  findFaults(field, faults)
  return faults
}

function findFaults({ name, value }: Field, faults: HeadFault[]): void {
  if (!isToken(name)) faults.push({ rule: 'H-H1-09', found: quote(`${name}: ${value}`) })
  const forbidden = forbiddenIndex(value)
  if (forbidden !== -1) {
    faults.push({ rule: 'H-H1-06', found: quote(`${name}: ${value}`, name.length + ': '.length + forbidden) })
  }
}
