import type { ViolationCode } from '../connection/violations.ts'
import { isControl, isDefined } from './opcode.ts'

/*
 * The header of a frame, RFC 6455 §5.2:
 *
 *   frame-fin 1, frame-rsv1 1, frame-rsv2 1, frame-rsv3 1, frame-opcode 4,
 *   frame-masked 1, frame-payload-length 7 / 7+16 / 7+64, [ frame-masking-key 32 ]
 *
 * Reading and writing stand side by side, field by field; one undoes the other.
 */

/** First byte: FIN, three reserved bits, opcode. */
const finBit = 0x80
const reservedBitsShift = 4
const reservedBitsMask = 0x7
const opcodeMask = 0x0f

/** Second byte: MASK, and the length or the mark that says how many bytes hold it. */
const maskBit = 0x80
const shortLengthMask = 0x7f
const length16Mark = 126
const length64Mark = 127

const shortLengthMax = 125
const length16Max = 0xffff
const twoTo32 = 0x1_0000_0000
/** The upper 32 bits of the largest length a number holds exactly, 2^53 - 1. */
const safeUpperMax = 0x1f_ffff

const leadBytes = 2
const length16Bytes = 2
const length64Bytes = 8
/** The bytes of a masking key. */
export const maskingKeyBytes = 4

/** The most bytes a header takes. */
export const maxHeaderBytes: number = leadBytes + length64Bytes + maskingKeyBytes

/** The most bytes of payload a control frame carries (RFC 6455 §5.5). */
export const maxControlPayload: number = shortLengthMax

/** RSV1 among the three reserved bits. */
export const rsv1 = 0b100

/** One frame's header. Mutable, so that a reader fills the same object for each frame. */
export interface FrameHeader {
  fin: boolean
  /** RSV1 to RSV3 as a number of three bits, RSV1 the highest. */
  reservedBits: number
  opcode: number
  masked: boolean
  /** The masking key as a 32-bit integer, its first byte on the wire the highest; 0 when not masked. */
  maskingKey: number
  /** Bytes of payload. At most 2^53 - 1. */
  payloadLength: number
}

/** What the negotiation and the role leave open to the peer. */
export interface FrameExpectation {
  /** True when frames must come masked: a server reads. False when they must not: a client reads. */
  readonly masked: boolean
  /** The reserved bits that an agreed extension uses; all others must be 0. */
  readonly reservedBits: number
}

/** An empty header to read into. */
export function blankHeader(): FrameHeader {
  return { fin: false, reservedBits: 0, opcode: 0, masked: false, maskingKey: 0, payloadLength: 0 }
}

/** The bytes that the header of a frame takes. */
export function headerBytes(payloadLength: number, masked: boolean): number {
  const lengthBytes = payloadLength <= shortLengthMax ? 0 : payloadLength <= length16Max ? length16Bytes : length64Bytes
  return leadBytes + lengthBytes + (masked ? maskingKeyBytes : 0)
}

/**
 * Tries to read a header from `bytes` between `at` and `end` into `header`. Returns how many bytes it took, 0 when the
 * header has not arrived whole, or the code of the rule that it breaks. Rules are judged in the order of the bytes, so
 * a fault is named as soon as its byte is there, and is the same one however the bytes were cut.
 */
export function tryReadHeader(
  bytes: Uint8Array,
  at: number,
  end: number,
  expected: FrameExpectation,
  header: FrameHeader,
): number | ViolationCode {
  if (at >= end) return 0
  const first = bytes[at] as number
  header.fin = (first & finBit) !== 0
  header.reservedBits = (first >> reservedBitsShift) & reservedBitsMask
  header.opcode = first & opcodeMask
  // §5.2: a reserved bit without an agreed extension that gives it a meaning fails the connection.
  if ((header.reservedBits & ~expected.reservedBits) !== 0) return 'FRAME_RESERVED_BITS'
  // §5.2: so does an unknown opcode.
  if (!isDefined(header.opcode)) return 'FRAME_RESERVED_OPCODE'
  // §5.5: control frames must not be fragmented.
  if (!header.fin && isControl(header.opcode)) return 'CONTROL_FRAGMENTED'

  if (at + 1 >= end) return 0
  const second = bytes[at + 1] as number
  header.masked = (second & maskBit) !== 0
  // §5.1: a client masks every frame, a server none.
  if (header.masked !== expected.masked) return expected.masked ? 'FRAME_UNMASKED' : 'FRAME_MASKED'
  const shortLength = second & shortLengthMask
  // §5.5: a control frame carries 125 bytes at most.
  if (shortLength > shortLengthMax && isControl(header.opcode)) return 'CONTROL_TOO_LONG'

  let next = at + leadBytes
  if (shortLength <= shortLengthMax) {
    header.payloadLength = shortLength
  } else if (shortLength === length16Mark) {
    if (next + length16Bytes > end) return 0
    header.payloadLength = readUint16(bytes, next)
    // §5.2: the minimal number of bytes must encode the length.
    if (header.payloadLength <= shortLengthMax) return 'LENGTH_NOT_MINIMAL'
    next += length16Bytes
  } else {
    if (next + length64Bytes > end) return 0
    const upper = readUint32(bytes, next)
    // §5.2: the most significant bit must be 0.
    if (upper >= twoTo32 / 2) return 'LENGTH_TOP_BIT'
    // Past 2^53 - 1 a number is no longer exact; judged before any arithmetic uses it.
    if (upper > safeUpperMax) return 'LENGTH_UNSAFE'
    header.payloadLength = upper * twoTo32 + readUint32(bytes, next + 4)
    if (header.payloadLength <= length16Max) return 'LENGTH_NOT_MINIMAL'
    next += length64Bytes
  }

  header.maskingKey = 0
  if (header.masked) {
    if (next + maskingKeyBytes > end) return 0
    header.maskingKey = readUint32(bytes, next)
    next += maskingKeyBytes
  }
  return next - at
}

/** Writes a header into `target` at `at` and returns how many bytes it took: `headerBytes` of them. */
export function writeHeader(target: Uint8Array, at: number, header: Readonly<FrameHeader>): number {
  target[at] = (header.fin ? finBit : 0) | (header.reservedBits << reservedBitsShift) | header.opcode

  const mask = header.masked ? maskBit : 0
  const length = header.payloadLength
  let next = at + leadBytes
  if (length <= shortLengthMax) {
    target[at + 1] = mask | length
  } else if (length <= length16Max) {
    target[at + 1] = mask | length16Mark
    target[next] = length >> 8
    target[next + 1] = length
    next += length16Bytes
  } else {
    target[at + 1] = mask | length64Mark
    writeUint32(target, next, Math.floor(length / twoTo32))
    writeUint32(target, next + 4, length % twoTo32)
    next += length64Bytes
  }

  if (header.masked) {
    writeUint32(target, next, header.maskingKey)
    next += maskingKeyBytes
  }
  return next - at
}

/** A masking key's four bytes, in the order of the wire, as the number that a header holds. */
export function maskingKeyFrom(fourBytes: Uint8Array): number {
  return readUint32(fourBytes, 0)
}

function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

function readUint32(bytes: Uint8Array, at: number): number {
  return readUint16(bytes, at) * 0x1_0000 + readUint16(bytes, at + 2)
}

function writeUint32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value
}
