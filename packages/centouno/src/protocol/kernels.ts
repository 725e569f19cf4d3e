/*
 * Work on bytes that a host may do quicker than ECMAScript: what it provides here is used, and what it does not is done
 * in plain code that gives the same results. Without a host, protocol/ runs anywhere.
 */

/** Masking with wide words. */
export interface MaskingKernel {
  /** True for memory of the kernel's own, into which a transport reads: it is unmasked where it lies. */
  holds(bytes: Uint8Array): boolean
  /**
   * XORs `bytes` from `start` to `end` with the key, in place, wherever they lie.
   *
   * @param key the masking key, its first byte on the wire the highest
   * @param offset how many bytes of the payload came before
   */
  mask(bytes: Uint8Array, start: number, end: number, key: number, offset: number): void
}

/** UTF-8, checked, decoded and encoded; and Latin-1. */
export interface TextKernel {
  /** The text whose characters are the bytes, one to one. */
  latin1(bytes: Uint8Array): string
  isUtf8(bytes: Uint8Array, start: number, end: number): boolean
  /** The text, or undefined when the bytes are not valid UTF-8. A BOM is part of it. */
  decode(bytes: Uint8Array, start: number, end: number): string | undefined
  /** The text of bytes that are known to be UTF-8. A BOM is part of it. */
  decodeValid(bytes: Uint8Array): string
  /** How many bytes of UTF-8 the text takes, a lone surrogate as U+FFFD. */
  utf8Length(text: string): number
  /** Writes the text as UTF-8, from `at` on. Returns how many bytes it wrote, which is `length` if that was right. */
  encode(text: string, target: Uint8Array, at: number, length: number): number
}

/** What is provided; undefined is plain code. */
export interface Kernels {
  masking: MaskingKernel | undefined
  text: TextKernel | undefined
  /** Memory of its own, of exactly that length, with anything in it. */
  allocate: ((length: number) => Uint8Array) | undefined
}

/** Of this process. Tests take them away to run the plain code. */
export const kernels: Kernels = { masking: undefined, text: undefined, allocate: undefined }
