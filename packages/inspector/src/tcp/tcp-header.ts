import type { SegmentFlag } from '../wire/segment.ts'
import { readTcpOptions } from './tcp-options.ts'
import type { TcpOption } from './tcp-options.ts'

/*
 * RFC 9293 §3.1:
 *
 *   source port 16, destination port 16, sequence number 32, acknowledgment number 32,
 *   data offset 4, reserved 4, control bits 8, window 16, checksum 16, urgent pointer 16, options
 */
export const tcpHeaderBytesMin = 20

/** The control bits in the order in which they are usually written, with their masks. */
export const flagMasks: readonly (readonly [SegmentFlag, number])[] = [
  ['SYN', 0x02],
  ['ACK', 0x10],
  ['PSH', 0x08],
  ['FIN', 0x01],
  ['RST', 0x04],
  ['URG', 0x20],
  ['ECE', 0x40],
  ['CWR', 0x80],
]

/** The header of a TCP segment. Numbers as they stand in it: the window is not scaled. */
export interface TcpHeader {
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequence: number
  readonly acknowledgement: number
  /** Bytes of the header with its options. */
  readonly length: number
  /** The four bits after the data offset. */
  readonly reserved: number
  readonly flags: readonly SegmentFlag[]
  readonly window: number
  readonly checksum: number
  readonly urgentPointer: number
  readonly options: readonly TcpOption[]
}

/**
 * Reads the header at the start of the bytes.
 *
 * @returns Undefined when it contradicts itself, or is not there in full.
 */
export function readTcpHeader(bytes: Uint8Array): TcpHeader | undefined {
  if (bytes.length < tcpHeaderBytesMin) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = (view.getUint8(12) >>> 4) * 4
  if (length < tcpHeaderBytesMin || length > bytes.length) return undefined
  const controlBits = view.getUint8(13)
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    sequence: view.getUint32(4),
    acknowledgement: view.getUint32(8),
    length,
    reserved: view.getUint8(12) & 0x0f,
    flags: flagMasks.filter(([, mask]) => (controlBits & mask) !== 0).map(([flag]) => flag),
    window: view.getUint16(14),
    checksum: view.getUint16(16),
    urgentPointer: view.getUint16(18),
    options: readTcpOptions(bytes.subarray(0, length), tcpHeaderBytesMin),
  }
}
