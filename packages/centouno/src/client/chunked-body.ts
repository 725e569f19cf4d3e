const carriageReturn = 0x0d
const lineFeed = 0x0a
// Sixteen hexadecimal digits and an extension; a longer line is no chunk size.
const longestSizeLine = 256

type Step = 'size' | 'data' | 'data-end' | 'trailer' | 'end' | 'broken'

/**
 * Takes a chunked body apart (RFC 9112 §7.1). It is for showing, not for acting upon: chunk extensions and trailers are
 * passed over, and where the coding is broken it stops with what came before.
 *
 *     chunk      = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
 *     last-chunk = 1*("0") [ chunk-ext ] CRLF
 */
export class ChunkedBody {
  #step: Step = 'size'
  #line = ''
  #left = 0

  /** Whether the body is over, at its end or where it broke. */
  get over(): boolean {
    return this.#step === 'end' || this.#step === 'broken'
  }

  get broken(): boolean {
    return this.#step === 'broken'
  }

  /** The content in the next bytes from the wire, in pieces. */
  receive(bytes: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = []
    for (let index = 0; index < bytes.length && !this.over;) {
      if (this.#step === 'data') {
        const piece = bytes.subarray(index, index + this.#left)
        pieces.push(piece)
        index += piece.length
        this.#left -= piece.length
        if (this.#left === 0) this.#step = 'data-end'
      } else {
        this.#takeLineByte(bytes[index] ?? 0)
        index++
      }
    }
    return pieces
  }

  #takeLineByte(byte: number): void {
    if (byte === lineFeed) this.#endLine()
    else if (this.#line.length === longestSizeLine) this.#step = 'broken'
    else if (byte !== carriageReturn) this.#line += String.fromCodePoint(byte)
  }

  #endLine(): void {
    const line = this.#line
    this.#line = ''
    if (this.#step === 'data-end') this.#step = line === '' ? 'size' : 'broken'
    else if (this.#step === 'trailer') this.#step = line === '' ? 'end' : 'trailer'
    else this.#beginChunk(line)
  }

  #beginChunk(line: string): void {
    const digits = /^[0-9A-Fa-f]+/.exec(line)?.[0]
    const size = digits === undefined ? Number.NaN : Number.parseInt(digits, 16)
    if (!Number.isSafeInteger(size)) this.#step = 'broken'
    else if (size === 0) this.#step = 'trailer'
    else {
      this.#left = size
      this.#step = 'data'
    }
  }
}
