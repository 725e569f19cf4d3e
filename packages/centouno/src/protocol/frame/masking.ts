/*
 * Masking, RFC 6455 §5.3: byte i of the payload is XORed with byte i mod 4 of the key. Doing it twice undoes it, so one
 * function serves both directions. The source is not changed, a caller's payload stays as it was; but for the memory into
 * which a transport reads for a kernel (kernels.ts), which is unmasked where it lies.
 */

import { kernels } from '../kernels.ts'

/** From here on the copy in one piece and the words of four bytes pay for their set-up. */
const wordsFrom = 64
/** From here on a kernel pays for its set-up in memory that is not its own. */
const kernelFrom = 256

/** One key of four bytes, seen as a word in the byte order of the machine. */
const keyBytes = new Uint8Array(4)
const keyWord = new Int32Array(keyBytes.buffer)

/**
 * Copies `source` from `start` to `end` into `target` at `at`, XORed with the key.
 *
 * @param key the masking key, its first byte on the wire the highest; 0 copies as it is
 * @param offset how many bytes of the payload came before, when it is masked piece by piece
 */
export function copyMasked(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
  key: number,
  offset: number,
): void {
  const length = end - start
  if (length < wordsFrom) {
    copyShort(source, start, length, target, at, key, offset)
    return
  }
  const { masking } = kernels
  if (key === 0 || masking === undefined || (length < kernelFrom && !masking.holds(source))) {
    target.set(source.subarray(start, end), at)
    if (key !== 0) maskInPlace(target, at, length, key, offset)
  } else if (masking.holds(source)) {
    masking.mask(source, start, end, key, offset)
    target.set(source.subarray(start, end), at)
  } else {
    target.set(source.subarray(start, end), at)
    masking.mask(target, at, at + length, key, offset)
  }
}

/** Unmasks what came whole where it lies, if it may be changed there; false when it may not. */
export function unmaskInPlace(chunk: Uint8Array, start: number, end: number, key: number): boolean {
  if (key === 0) return true
  const { masking } = kernels
  if (masking === undefined || !masking.holds(chunk)) return false
  masking.mask(chunk, start, end, key, 0)
  return true
}

/** XORs a payload of 64 bytes or more, all of it, where it lies: in memory that is being filled here. */
export function maskOwn(bytes: Uint8Array, start: number, end: number, key: number): void {
  if (key === 0) return
  if (kernels.masking === undefined) maskInPlace(bytes, start, end - start, key, 0)
  else kernels.masking.mask(bytes, start, end, key, 0)
}

function copyShort(
  source: Uint8Array,
  start: number,
  length: number,
  target: Uint8Array,
  at: number,
  key: number,
  offset: number,
): void {
  const first = keyByte(key, offset)
  const second = keyByte(key, offset + 1)
  const third = keyByte(key, offset + 2)
  const fourth = keyByte(key, offset + 3)
  const wholeFours = length & ~3
  for (let index = 0; index < wholeFours; index += 4) {
    target[at + index] = (source[start + index] as number) ^ first
    target[at + index + 1] = (source[start + index + 1] as number) ^ second
    target[at + index + 2] = (source[start + index + 2] as number) ^ third
    target[at + index + 3] = (source[start + index + 3] as number) ^ fourth
  }
  for (let index = wholeFours; index < length; index++) {
    target[at + index] = (source[start + index] as number) ^ keyByte(key, offset + index)
  }
}

function maskInPlace(target: Uint8Array, at: number, length: number, key: number, offset: number): void {
  const end = at + length
  // Words must lie on multiples of four of the underlying memory: the bytes before and after are done singly.
  const firstWord = at + (-(target.byteOffset + at) & 3)
  const words = (end - firstWord) >> 2
  const afterWords = firstWord + words * 4
  for (let index = at; index < firstWord; index++) {
    target[index] = (target[index] as number) ^ keyByte(key, offset + index - at)
  }
  for (let index = 0; index < 4; index++) keyBytes[index] = keyByte(key, offset + firstWord - at + index)
  const word = keyWord[0] as number
  const view = new Int32Array(target.buffer, target.byteOffset + firstWord, words)
  for (let index = 0; index < words; index++) view[index] = (view[index] as number) ^ word
  for (let index = afterWords; index < end; index++) {
    target[index] = (target[index] as number) ^ keyByte(key, offset + index - at)
  }
}

function keyByte(key: number, index: number): number {
  return (key >>> (24 - ((index & 3) << 3))) & 0xff
}
