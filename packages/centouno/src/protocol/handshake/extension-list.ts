import { isBlankAt, isToken, tokenEnd } from '../http/grammar.ts'
import { quote } from '../http/quote.ts'

/** One parameter of an extension: `client_max_window_bits`, or `server_max_window_bits=10` (RFC 6455 §9.1). */
export interface ExtensionParameter {
  readonly name: string
  /** Unquoted; undefined when the parameter has no value. */
  readonly value: string | undefined
}

/** One element of `Sec-WebSocket-Extensions`: a name and its parameters, in order. */
export interface ExtensionOffer {
  readonly name: string
  readonly parameters: readonly ExtensionParameter[]
}

/** What the lines of `Sec-WebSocket-Extensions` say, or where they leave the grammar, quoted. */
export type ExtensionListReading =
  | {
      readonly ok: true
      /** In the order they came; names and parameters that come twice are kept, for the extension to judge. */
      readonly offers: ExtensionOffer[]
      /** The list had empty elements (`a,,b`), which were ignored (H-TRAP-04). */
      readonly strayCommas: boolean
    }
  | { readonly ok: false; readonly found: string }

/**
 * Reads all lines of `Sec-WebSocket-Extensions` as one list (H-REQ-15). No lines give no offers; lines without any offer
 * are a fault.
 *
 *     extension-list  = 1#extension
 *     extension       = extension-token *( ";" extension-param )
 *     extension-param = token [ "=" ( token / quoted-string ) ]    ; the string's content is a token (RFC 6455 §9.1)
 *     quoted-string   = DQUOTE *( qdtext / "\" character ) DQUOTE
 *
 * Blanks may stand around every `,` `;` and `=`: RFC 6455 uses the list rules of RFC 2616, which allow them.
 */
export function parseExtensionList(lines: readonly string[]): ExtensionListReading {
  const offers: ExtensionOffer[] = []
  let strayCommas = false
  for (const line of lines) {
    const scanner = new Scanner(line)
    do {
      scanner.skipBlanks()
      if (scanner.atElementEnd) {
        strayCommas = true
        continue
      }
      const offer = readOffer(scanner)
      if (offer === undefined || !scanner.atElementEnd) return { ok: false, found: quote(line, scanner.position) }
      offers.push(offer)
    } while (scanner.take(','))
  }
  if (lines.length > 0 && offers.length === 0) return { ok: false, found: quote(lines.join(', ')) }
  return { ok: true, offers, strayCommas }
}

/**
 * The value of one `Sec-WebSocket-Extensions` line that offers, or accepts, these in this order.
 *
 * @throws RangeError when a name or a value is not a token.
 */
export function formatExtensionList(offers: readonly ExtensionOffer[]): string {
  return offers
    .map(({ name, parameters }) => [checkedToken(name), ...parameters.map(formatParameter)].join('; '))
    .join(', ')
}

function formatParameter({ name, value }: ExtensionParameter): string {
  return value === undefined ? checkedToken(name) : `${checkedToken(name)}=${checkedToken(value)}`
}

function checkedToken(text: string): string {
  if (isToken(text)) return text
  throw new RangeError(
    `"${quote(text)}" cannot stand in an extension offer. Use letters, digits and !#$%&'*+-.^_\`|~ only (RFC 6455 §9.1).`,
  )
}

/** Undefined when the text leaves the grammar; the scanner then stands where it does. */
function readOffer(scanner: Scanner): ExtensionOffer | undefined {
  const name = scanner.takeToken()
  if (name === '') return undefined
  const parameters: ExtensionParameter[] = []
  scanner.skipBlanks()
  while (scanner.take(';')) {
    scanner.skipBlanks()
    const parameter = readParameter(scanner)
    if (parameter === undefined) return undefined
    parameters.push(parameter)
    scanner.skipBlanks()
  }
  return { name, parameters }
}

function readParameter(scanner: Scanner): ExtensionParameter | undefined {
  const name = scanner.takeToken()
  if (name === '') return undefined
  scanner.skipBlanks()
  if (!scanner.take('=')) return { name, value: undefined }
  scanner.skipBlanks()
  const value = scanner.takeQuotedToken() ?? scanner.takeToken()
  return value === '' ? undefined : { name, value }
}

/** Walks one line from left to right. What it takes it never looks at again. */
class Scanner {
  readonly #line: string
  position = 0

  constructor(line: string) {
    this.#line = line
  }

  get atElementEnd(): boolean {
    return this.position === this.#line.length || this.#line[this.position] === ','
  }

  skipBlanks(): void {
    while (isBlankAt(this.#line, this.position)) this.position++
  }

  /** Takes the character when it comes next. */
  take(character: string): boolean {
    const comes = this.#line[this.position] === character
    if (comes) this.position++
    return comes
  }

  /** Takes the token that comes next; `''` when none does. */
  takeToken(): string {
    const start = this.position
    this.position = tokenEnd(this.#line, start)
    return this.#line.slice(start, this.position)
  }

  /**
   * Takes the quoted string that comes next and gives its content; undefined, with nothing taken, when none comes, when
   * it is not closed, or when its content is no token.
   */
  takeQuotedToken(): string | undefined {
    if (this.#line[this.position] !== '"') return undefined
    let content = ''
    let at = this.position + 1
    while (at < this.#line.length && this.#line[at] !== '"') {
      if (this.#line[at] === '\\') at++
      content += this.#line.charAt(at)
      at++
    }
    if (at >= this.#line.length || !isToken(content)) return undefined
    this.position = at + 1
    return content
  }
}
