import { randomBytes } from 'node:crypto'

/** The first byte of an unfragmented frame: FIN and the opcode (RFC 6455 §5.2). */
const finalText = 0x81
const finalBinary = 0x82
const finalClose = 0x88
const finalPong = 0x8a
const maskBit = 0x80
const headerOf16 = 126
const headerOf64 = 127

export interface FrameShape {
  readonly text: boolean
  readonly masked: boolean
  /** A fragment that is not the last, or not the first, of its message. */
  readonly fin?: boolean
  readonly continuation?: boolean
  /** RSV1: the message is compressed (RFC 7692 §6). */
  readonly compressed?: boolean
}

/** One frame as it goes over the wire. */
export function buildFrame(payload: Uint8Array, shape: FrameShape): Buffer {
  return frame(firstByte(shape), payload, shape.masked)
}

/** A Close frame with 1000, masked as a client's. */
export function closeFrame(): Buffer {
  return frame(finalClose, Buffer.from([0x03, 0xe8]), true)
}

export function pongFrame(payload: Uint8Array, masked: boolean): Buffer {
  return frame(finalPong, payload, masked)
}

/** The bytes of one header of a frame with so much payload. */
function headerLength(payload: number, masked: boolean): number {
  const length = payload < headerOf16 ? 2 : payload <= 0xffff ? 4 : 10
  return masked ? length + 4 : length
}

export function repeated(bytes: Buffer, times: number): Buffer {
  return Buffer.concat(Array.from({ length: times }, () => bytes))
}

/** So many bytes that are text and do not compress to nothing. */
export function samplePayload(length: number): Buffer {
  const base = randomBytes(Math.ceil((Math.min(length, 65_536) * 3) / 4)).toString('base64')
  return Buffer.alloc(length, base)
}

function firstByte({ text, fin = true, continuation = false, compressed = false }: FrameShape): number {
  let byte = text ? finalText : finalBinary
  if (continuation) byte &= 0xf0
  if (!fin) byte &= 0x7f
  return compressed ? byte | 0x40 : byte
}

function frame(first: number, payload: Uint8Array, masked: boolean): Buffer {
  const length = headerLength(payload.length, masked)
  const bytes = Buffer.allocUnsafe(length + payload.length)
  const mask = masked ? maskBit : 0
  bytes[0] = first
  if (payload.length < headerOf16) {
    bytes[1] = mask | payload.length
  } else if (payload.length <= 0xffff) {
    bytes[1] = mask | headerOf16
    bytes.writeUInt16BE(payload.length, 2)
  } else {
    bytes[1] = mask | headerOf64
    bytes.writeBigUInt64BE(BigInt(payload.length), 2)
  }
  bytes.set(payload, length)
  if (masked) maskInPlace(bytes, length)
  return bytes
}

function maskInPlace(bytes: Buffer, payloadAt: number): void {
  const key = randomBytes(4)
  bytes.set(key, payloadAt - 4)
  for (let index = payloadAt; index < bytes.length; index++) {
    bytes[index] = (bytes[index] ?? 0) ^ (key[(index - payloadAt) & 3] ?? 0)
  }
}
