import { CaptureError } from './capture-error.ts'
import { nanosecondsPerSecond } from './captured-packet.ts'
import type { CaptureTaker, FormatReader } from './captured-packet.ts'

/*
 * The classic format. A header of the file, then packets with a header each:
 *
 *   file   = magic 4, major 2, minor 2, reserved 8, snaplen 4, linktype 4
 *   packet = seconds 4, fraction 4, captured 4, original 4, bytes
 *
 * The magic tells the byte order and whether the fraction counts micro- or nanoseconds.
 */

export const microsecondMagic = 0xa1b2c3d4
export const nanosecondMagic = 0xa1b23c4d

const fileHeaderBytes = 24
const linkTypeAt = 20
// The upper bits of that field tell of check sequences, not of the link layer.
const linkTypeMask = 0xffff
const packetHeaderBytes = 16

/** No tool keeps more of one packet (libpcap's MAXIMUM_SNAPLEN); a larger length is damage. */
export const packetBytesMax = 262_144

/** Reads a pcap file of either byte order and precision. */
export class PcapReader implements FormatReader {
  readonly #littleEndian: boolean
  readonly #nanosecondsPerFraction: bigint
  #linkType: number | undefined

  constructor(littleEndian: boolean, nanoseconds: boolean) {
    this.#littleEndian = littleEndian
    this.#nanosecondsPerFraction = nanoseconds ? 1n : 1000n
  }

  read(bytes: Uint8Array, at: number, taker: CaptureTaker): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.#linkType === undefined) {
      if (bytes.length < fileHeaderBytes) return 0
      this.#linkType = view.getUint32(linkTypeAt, this.#littleEndian) & linkTypeMask
      return fileHeaderBytes
    }
    if (bytes.length < packetHeaderBytes) return 0
    const [seconds, fraction, captured, wireLength] = [0, 4, 8, 12].map((offset) =>
      view.getUint32(offset, this.#littleEndian),
    ) as [number, number, number, number]
    if (captured > packetBytesMax) {
      throw new CaptureError('CAPTURE_DAMAGED', { at, reason: `a packet of ${captured} bytes` })
    }
    const end = packetHeaderBytes + captured
    if (bytes.length < end) return 0
    taker.packet({
      timeNs: BigInt(seconds) * nanosecondsPerSecond + BigInt(fraction) * this.#nanosecondsPerFraction,
      linkType: this.#linkType,
      bytes: bytes.subarray(packetHeaderBytes, end),
      wireLength: Math.max(wireLength, captured),
    })
    return end
  }
}
