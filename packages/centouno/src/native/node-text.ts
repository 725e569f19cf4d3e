import { isAscii, isUtf8 } from 'node:buffer'
import type { TextKernel } from '../protocol/kernels.ts'

/** Up to here a loop finds out sooner whether all bytes are ASCII than a call does. */
const shortText = 64
const asciiMax = 0x7f

const { latin1Slice, utf8Slice, utf8Write } = Buffer.prototype

/** Text by what Node has in native code. ASCII, which most text is, needs no decoding: its bytes are its characters. */
export const nodeText: TextKernel = {
  latin1: (bytes) => latin1Slice.call(bytes, 0, bytes.length),

  isUtf8: (bytes, start, end) => isUtf8(bytes.subarray(start, end)),

  decode(bytes, start, end) {
    if (end - start <= shortText) {
      if (isShortAscii(bytes, start, end)) return latin1Slice.call(bytes, start, end)
    } else if (isAscii(bytes.subarray(start, end))) {
      return latin1Slice.call(bytes, start, end)
    }
    return isUtf8(bytes.subarray(start, end)) ? utf8Slice.call(bytes, start, end) : undefined
  },

  decodeValid: (bytes) => (isAscii(bytes) ? latin1Slice : utf8Slice).call(bytes, 0, bytes.length),

  utf8Length: (text) => Buffer.byteLength(text),

  encode: (text, target, at, length) => utf8Write.call(target, text, at, length),
}

function isShortAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let all = 0
  for (let at = start; at < end; at++) all |= bytes[at] as number
  return all <= asciiMax
}
