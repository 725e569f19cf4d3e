import type { Field } from 'centouno/telling'
import { rungBytesLimit } from '../wire/layer-reader.ts'

/** How a message says where its body ends (RFC 9112 §6.3). */
type Framing =
  | { readonly kind: 'length'; missing: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-end' }

/** What of a body is kept to be told. */
const keptBytes = rungBytesLimit
const lineFeed = 0x0a
/** A line of a chunk's size is short; what is longer is none. */
const longestSizeLine = 1024

/**
 * Finds where a body ends, and keeps its beginning as it crossed: chunk sizes are left in, for they are what is on the
 * wire.
 */
export class BodyScanner {
  /** Bytes that crossed so far. */
  total = 0
  readonly #framing: Framing
  readonly #kept: Uint8Array[] = []
  #keptLength = 0
  #over = false
  /** Of a chunked body: bytes of the chunk at hand that are missing, its line end included. */
  #chunkMissing = 0
  #line = ''
  #inTrailer = false

  constructor(framing: Framing) {
    this.#framing = framing
    this.#over = framing.kind === 'length' && framing.missing === 0
  }

  get over(): boolean {
    return this.#over
  }

  /** The beginning of the body. */
  get bytes(): Uint8Array {
    return Buffer.concat(this.#kept)
  }

  /** Takes what belongs to the body and returns the rest. */
  receive(bytes: Uint8Array): Uint8Array {
    const taken = this.#over ? 0 : this.#measure(bytes)
    this.total += taken
    const kept = bytes.slice(0, Math.min(taken, keptBytes - this.#keptLength))
    if (kept.length > 0) this.#kept.push(kept)
    this.#keptLength += kept.length
    return bytes.subarray(taken)
  }

  #measure(bytes: Uint8Array): number {
    if (this.#framing.kind === 'until-end') return bytes.length
    if (this.#framing.kind === 'chunked') return this.#measureChunks(bytes)
    const taken = Math.min(this.#framing.missing, bytes.length)
    this.#framing.missing -= taken
    this.#over = this.#framing.missing === 0
    return taken
  }

  /**
   *     chunked-body = *( chunk-size [ chunk-ext ] CRLF chunk-data CRLF ) last-chunk trailer-section CRLF
   */
  #measureChunks(bytes: Uint8Array): number {
    let at = 0
    while (at < bytes.length && !this.#over) {
      if (this.#chunkMissing > 0) {
        const taken = Math.min(this.#chunkMissing, bytes.length - at)
        this.#chunkMissing -= taken
        at += taken
        continue
      }
      const byte = bytes[at] as number
      at += 1
      if (byte === lineFeed) this.#endLine()
      else if (this.#line.length < longestSizeLine) this.#line += String.fromCharCode(byte)
    }
    return at
  }

  #endLine(): void {
    const line = this.#line.replace(/\r$/, '')
    this.#line = ''
    if (this.#inTrailer) {
      this.#over = line === ''
      return
    }
    const size = /^[0-9a-f]{1,8}/i.exec(line)?.[0]
    // What is no size ends the body: nothing after it can be told apart.
    if (size === undefined) this.#over = true
    else if (Number.parseInt(size, 16) === 0) this.#inTrailer = true
    else this.#chunkMissing = Number.parseInt(size, 16) + '\r\n'.length
  }
}

/** How the body of a message is framed; undefined when it has none. */
export function bodyFraming(
  fields: readonly Field[],
  message: { readonly kind: 'request' } | { readonly kind: 'response'; readonly status: number; readonly to: string },
): Framing | undefined {
  const value = (name: string): string | undefined => fields.find((field) => field.name.toLowerCase() === name)?.value
  if (message.kind === 'response') {
    // RFC 9112 §6.3(1): these never have one, whatever their fields say.
    if (message.to === 'HEAD' || message.status === 204 || message.status === 304) return undefined
  }
  if (/\bchunked\s*$/i.test(value('transfer-encoding') ?? '')) return { kind: 'chunked' }
  const length = value('content-length')
  if (length !== undefined && /^[0-9]{1,15}$/.test(length)) {
    return Number(length) === 0 ? undefined : { kind: 'length', missing: Number(length) }
  }
  return message.kind === 'response' ? { kind: 'until-end' } : undefined
}
