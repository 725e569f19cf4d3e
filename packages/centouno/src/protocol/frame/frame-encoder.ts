import type { Opcode } from './opcode.ts'
import { blankHeader, headerBytes, writeHeader } from './header.ts'
import { copyMasked } from './masking.ts'
import { opcodes } from './opcode.ts'
import { takeBytes } from './slab.ts'

/** Filled and written within one call; frames are encoded one at a time. */
const header = blankHeader()

const textEncoder = new TextEncoder()
/** Where short texts are encoded before their length is known. */
const textScratch = new Uint8Array(16 * 1024)
/** A UTF-16 code unit takes three bytes of UTF-8 at most (a pair of surrogates four). */
const bytesPerCodeUnit = 3

/**
 * One frame as one piece of memory, header and payload: it leaves in one write, and what the caller does with the
 * payload afterwards cannot reach it (RFC 6455 §5.3, §10.3).
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
): Uint8Array {
  header.fin = fin
  header.opcode = opcode
  header.masked = maskingKey !== undefined
  header.maskingKey = maskingKey ?? 0
  header.payloadLength = length
  const frame = takeBytes(headerBytes(length, header.masked) + length)
  const payloadStart = writeHeader(frame, 0, header)
  copyMasked(payload, 0, length, frame, payloadStart, header.maskingKey, 0)
  return frame
}

/**
 * A whole text message as one frame. Lone surrogates, which UTF-8 cannot express, become U+FFFD, as they do wherever
 * the web platform takes a USVString.
 */
export function encodeTextFrame(text: string, maskingKey: number | undefined): Uint8Array {
  if (text.length * bytesPerCodeUnit <= textScratch.length) {
    const { written } = textEncoder.encodeInto(text, textScratch)
    return encodeFrame(opcodes.text, true, textScratch, written, maskingKey)
  }
  const payload = textEncoder.encode(text)
  return encodeFrame(opcodes.text, true, payload, payload.length, maskingKey)
}
