import type { Opcode } from './opcode.ts'
import { kernels } from '../kernels.ts'
import { blankHeader, headerBytes, writeHeader } from './header.ts'
import { copyMasked, maskOwn } from './masking.ts'
import { opcodes } from './opcode.ts'
import { type Region, takeRegion } from './slab.ts'

/** Filled and written within one call; frames are encoded one at a time. */
const header = blankHeader()

const textEncoder = new TextEncoder()
/** Where short texts are encoded before their length is known. */
const textScratch = new Uint8Array(16 * 1024)
/** A UTF-16 code unit takes three bytes of UTF-8 at most (a pair of surrogates four). */
const bytesPerCodeUnit = 3
/** Up to here a loop over the characters is quicker than a call of the encoder. */
const shortText = 64

/**
 * One frame as one piece of memory, header and payload: it leaves in one write, and what the caller does with the
 * payload afterwards cannot reach it (RFC 6455 §5.3, §10.3). Read the answer before the next call.
 *
 * @param length how many bytes of `payload` to send, from its beginning
 * @param maskingKey a fresh key, as a header holds it; undefined sends unmasked, as a server does
 */
export function encodeFrame(
  opcode: Opcode,
  fin: boolean,
  payload: Uint8Array,
  length: number,
  maskingKey: number | undefined,
): Readonly<Region> {
  const region = beginFrame(opcode, fin, length, maskingKey, length)
  const { bytes, start } = region
  const payloadStart = start + writeHeader(bytes, start, header)
  copyMasked(payload, 0, length, bytes, payloadStart, header.maskingKey, 0)
  return region
}

/** The header alone of an unmasked frame, for a payload that leaves from where it is. */
export function encodeHeader(opcode: Opcode, fin: boolean, length: number): Readonly<Region> {
  const region = beginFrame(opcode, fin, length, undefined, 0)
  writeHeader(region.bytes, region.start, header)
  return region
}

/**
 * A whole text message as one frame. Lone surrogates, which UTF-8 cannot express, become U+FFFD, as they do wherever
 * the web platform takes a USVString.
 */
export function encodeTextFrame(text: string, maskingKey: number | undefined): Readonly<Region> {
  if (text.length <= shortText && writeAscii(text, textScratch)) {
    return encodeFrame(opcodes.text, true, textScratch, text.length, maskingKey)
  }
  if (text.length * bytesPerCodeUnit <= textScratch.length) {
    const { written } = textEncoder.encodeInto(text, textScratch)
    return encodeFrame(opcodes.text, true, textScratch, written, maskingKey)
  }
  return encodeLongText(text, maskingKey) ?? encodeBytes(textEncoder.encode(text), maskingKey)
}

/** Encodes where it leaves from: no copy of a long text. Undefined where no kernel does that. */
function encodeLongText(text: string, maskingKey: number | undefined): Readonly<Region> | undefined {
  const kernel = kernels.text
  if (kernel === undefined) return undefined
  const length = kernel.utf8Length(text)
  const region = beginFrame(opcodes.text, true, length, maskingKey, length)
  const { bytes, start, end } = region
  const payloadStart = start + writeHeader(bytes, start, header)
  // All of the memory must have been written: it is not zero.
  if (kernel.encode(text, bytes, payloadStart, length) !== length) return undefined
  maskOwn(bytes, payloadStart, end, header.maskingKey)
  return region
}

function encodeBytes(payload: Uint8Array, maskingKey: number | undefined): Readonly<Region> {
  return encodeFrame(opcodes.text, true, payload, payload.length, maskingKey)
}

function beginFrame(
  opcode: Opcode,
  fin: boolean,
  length: number,
  maskingKey: number | undefined,
  room: number,
): Readonly<Region> {
  header.fin = fin
  header.opcode = opcode
  header.masked = maskingKey !== undefined
  header.maskingKey = maskingKey ?? 0
  header.payloadLength = length
  return takeRegion(headerBytes(length, header.masked) + room)
}

/** False when the text is not all ASCII; what was written then is of no use. */
function writeAscii(text: string, target: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0x7f) return false
    target[index] = code
  }
  return true
}
