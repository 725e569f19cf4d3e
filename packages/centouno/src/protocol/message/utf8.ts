/*
 * UTF-8, RFC 3629 §4:
 *
 *   UTF8-1    = %x00-7F
 *   UTF8-2    = %xC2-DF UTF8-tail
 *   UTF8-3    = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) / %xED %x80-9F UTF8-tail / %xEE-EF 2( UTF8-tail )
 *   UTF8-4    = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) / %xF4 %x80-8F 2( UTF8-tail )
 *   UTF8-tail = %x80-BF
 *
 * The narrower second bytes are what keeps out overlong forms, surrogates and all above U+10FFFF.
 */

import { kernels } from '../kernels.ts'

const tailMin = 0x80
const tailMax = 0xbf
/** Bytes of a character after its first. */
const longestTail = 3
/** From here on a kernel pays for its call. */
const kernelFrom = 64

// The BOM is part of the message: WebSocket gives it no meaning, so neither decoder may eat it.
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const plainDecoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text that the bytes from `start` to `end` encode, or undefined when they are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number = 0, end: number = bytes.length): string | undefined {
  if (kernels.text !== undefined) return kernels.text.decode(bytes, start, end)
  try {
    return strictDecoder.decode(bytes.subarray(start, end))
  } catch {
    return undefined
  }
}

/** The text that the bytes encode, for bytes a validator has already accepted. */
export function decodeValidUtf8(bytes: Uint8Array): string {
  return kernels.text === undefined ? plainDecoder.decode(bytes) : kernels.text.decodeValid(bytes)
}

/**
 * Validates UTF-8 that comes in pieces, cut anywhere, and finds a fault at the first byte that makes it one.
 * Complete, it is ready for the next text.
 */
export class Utf8Validator {
  /** Bytes still missing of the character at hand. */
  #missing = 0
  /** The range in which the next byte must lie. */
  #min = tailMin
  #max = tailMax

  /** True when the text may end here: no character is cut. */
  get complete(): boolean {
    return this.#missing === 0
  }

  /** False when the bytes from `start` to `end` cannot continue what came before. After that it has no further use. */
  accept(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start
    if (this.#missing === 0 && end - start >= kernelFrom) at = skipValid(bytes, start, end)
    while (at < end) {
      if (this.#missing === 0) at = skipAscii(bytes, at, end)
      if (at < end && !this.#acceptByte(bytes[at] as number)) return false
      at++
    }
    return true
  }

  #acceptByte(byte: number): boolean {
    if (this.#missing === 0) return this.#acceptFirst(byte)
    if (byte < this.#min || byte > this.#max) return false
    this.#missing--
    this.#min = tailMin
    this.#max = tailMax
    return true
  }

  /** Takes the first byte of a character of two bytes or more. */
  #acceptFirst(byte: number): boolean {
    if (byte < 0xc2 || byte > 0xf4) return false
    if (byte < 0xe0) {
      this.#missing = 1
    } else if (byte < 0xf0) {
      this.#missing = 2
      if (byte === 0xe0) this.#min = 0xa0
      if (byte === 0xed) this.#max = 0x9f
    } else {
      this.#missing = 3
      if (byte === 0xf0) this.#min = 0x90
      if (byte === 0xf4) this.#max = 0x8f
    }
    return true
  }
}

/** To where the bytes are whole characters, as far as a kernel can tell. A fault is left to be found byte by byte. */
function skipValid(bytes: Uint8Array, start: number, end: number): number {
  if (kernels.text === undefined) return start
  let boundary = end
  // The last character may be cut: back to where it begins, which is no more than three bytes.
  while (boundary > end - longestTail && isTail(bytes[boundary - 1] as number)) boundary--
  boundary--
  return kernels.text.isUtf8(bytes, start, boundary) ? boundary : start
}

function isTail(byte: number): boolean {
  return byte >= tailMin && byte <= tailMax
}

function skipAscii(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  // Four at a time: most text is ASCII, and one comparison then settles four bytes.
  while (at + 4 <= end) {
    const four =
      (bytes[at] as number) | (bytes[at + 1] as number) | (bytes[at + 2] as number) | (bytes[at + 3] as number)
    if (four >= tailMin) break
    at += 4
  }
  while (at < end && (bytes[at] as number) < tailMin) at++
  return at
}
