import { TextDecoder } from 'node:util'
import { fieldValues, listElements } from '../protocol/http/field-lookup.ts'
import type { ResponseHead } from '../protocol/http/head.ts'
import { ChunkedBody } from './chunked-body.ts'

/** How much of a refusal's body is kept: enough for any error page a person would read. */
export const bodyLimit: number = 64 * 1024

/** Collects the body of a reply that is no 101, up to a bound (RFC 9112 §6.3). */
export class ReplyBody {
  readonly #pieces: Uint8Array[] = []
  readonly #charset: string
  readonly #chunked: ChunkedBody | undefined
  /** Bytes still to come; infinite when the body lasts until the connection ends. */
  #left: number
  #kept = 0
  #whole = false
  #stopped = false

  constructor({ status, fields }: ResponseHead) {
    const coded = listElements(fields, 'transfer-encoding').some((coding) => coding.toLowerCase() === 'chunked')
    this.#chunked = coded ? new ChunkedBody() : undefined
    this.#left = coded ? Number.POSITIVE_INFINITY : contentLength(status, fieldValues(fields, 'content-length'))
    this.#whole = this.#left === 0
    this.#charset = charsetOf(fieldValues(fields, 'content-type')[0] ?? '')
  }

  /** Whether there is nothing more to wait for. */
  get over(): boolean {
    return this.#whole || this.#stopped
  }

  /** Whether something is missing at the end. */
  get cut(): boolean {
    return !this.#whole
  }

  receive(bytes: Uint8Array): void {
    if (this.over) return
    if (this.#chunked === undefined) {
      const piece = bytes.subarray(0, this.#left)
      this.#left -= piece.length
      this.#keep(piece)
      this.#whole = this.#left === 0
      return
    }
    for (const piece of this.#chunked.receive(bytes)) this.#keep(piece)
    this.#whole = this.#chunked.over && !this.#chunked.broken
    if (this.#chunked.broken) this.#stopped = true
  }

  /** The connection ended: for a body without a length this is how it is whole. */
  end(): void {
    if (this.#left === Number.POSITIVE_INFINITY && this.#chunked === undefined && !this.#stopped) this.#whole = true
  }

  /** What came, decoded; bytes that are no text become U+FFFD. */
  text(): string {
    const decoder = decoderFor(this.#charset)
    // `stream` leaves out a character whose bytes were cut in two at the bound.
    return this.#pieces.map((piece) => decoder.decode(piece, { stream: true })).join('')
  }

  #keep(bytes: Uint8Array): void {
    const piece = new Uint8Array(bytes.subarray(0, bodyLimit - this.#kept))
    if (piece.length < bytes.length) this.#stopped = true
    this.#kept += piece.length
    this.#pieces.push(piece)
  }
}

const noContent = 204
const notModified = 304

function contentLength(status: number, values: readonly string[]): number {
  if (status === noContent || status === notModified) return 0
  const [value] = values
  return value !== undefined && /^[0-9]{1,15}$/.test(value) ? Number(value) : Number.POSITIVE_INFINITY
}

function charsetOf(contentType: string): string {
  const [, ...parameters] = contentType.split(';')
  for (const parameter of parameters) {
    const [name, value] = parameter.split('=', 2)
    if (name?.trim().toLowerCase() === 'charset') return (value ?? '').trim().replaceAll('"', '')
  }
  return 'utf-8'
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}
