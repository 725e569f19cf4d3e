import type { LayerReader } from '../wire/layer-reader.ts'
import type { TapePiece } from '../wire/tape.ts'

/** What a stream can carry. */
export type StreamKind = 'tls' | 'socks5' | 'http' | 'unknown'

/** The first byte of a ClientHello's record (RFC 8446 §5.1), and of a greeting to a SOCKS proxy (RFC 1928 §3). */
const tlsHandshake = 0x16
const socksVersion = 0x05

/** What the first byte of the client says. In each of these protocols it is the client who speaks first. */
export function streamKind(first: number): StreamKind {
  if (first === tlsHandshake) return 'tls'
  if (first === socksVersion) return 'socks5'
  // A method is a token (RFC 9110 §9.1); empty lines before it are skipped (RFC 9112 §2.2).
  return /[A-Za-z\r\n]/.test(String.fromCharCode(first)) ? 'http' : 'unknown'
}

/** Held of a server that speaks before it is asked: enough for any greeting. */
const heldBytes = 64 * 1024

/** Waits for the first byte of the client, and hands everything to the reader of what it begins. */
export class StreamReader implements LayerReader {
  readonly #readerOf: (kind: StreamKind) => LayerReader
  #held: TapePiece[] = []
  #heldLength = 0
  #reader: LayerReader | undefined

  constructor(readerOf: (kind: StreamKind) => LayerReader) {
    this.#readerOf = readerOf
  }

  receive(piece: TapePiece): void {
    if (this.#reader !== undefined) return this.#reader.receive(piece)
    const first = piece.bytes[0]
    if (first === undefined) return
    this.#heldLength += piece.bytes.length
    this.#held.push(piece)
    if (piece.direction === 'sent') this.#begin(streamKind(first))
    else if (this.#heldLength > heldBytes) this.#begin('http')
  }

  end(atMs: number): void {
    // A server that speaks first and hangs up has most often something to say about it in HTTP.
    if (this.#held.length > 0) this.#begin('http')
    this.#reader?.end(atMs)
  }

  #begin(kind: StreamKind): void {
    const held = this.#held
    this.#held = []
    this.#reader = this.#readerOf(kind)
    for (const piece of held) this.#reader.receive(piece)
  }
}
