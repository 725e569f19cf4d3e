import { CaptureError } from './capture-error.ts'
import type { CaptureTaker, FormatReader } from './captured-packet.ts'
import { readInterface } from './pcapng-interface.ts'
import type { CaptureInterface } from './pcapng-interface.ts'

/*
 * The newer format: blocks, of which each tells its length at both ends.
 *
 *   block = type 4, length 4, body, length 4
 *
 * A section header begins a section; what the sections before it said of interfaces is then forgotten.
 */

export const sectionHeaderBlock = 0x0a0d0d0a
const byteOrderMagic = 0x1a2b3c4d
const interfaceBlock = 1
const obsoletePacketBlock = 2
const simplePacketBlock = 3
const enhancedPacketBlock = 6
const secretsBlock = 10

const blockHeadBytes = 8
const blockTailBytes = 4
// With the magic, which tells in which byte order the length stands.
const sectionHeadBytes = 12
const blockBytesMin = 12
// Room for the largest packet with its options, and for a long key log. More is damage.
const blockBytesMax = 16 * 1024 * 1024

/** "TLSK": the secrets are what SSLKEYLOGFILE holds. */
const tlsKeyLog = 0x544c534b

/** Reads a pcapng file of any sections, each in its own byte order. Blocks it does not know are passed over. */
export class PcapngReader implements FormatReader {
  #littleEndian = true
  #interfaces: CaptureInterface[] = []

  read(bytes: Uint8Array, at: number, taker: CaptureTaker): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length < sectionHeadBytes) return 0
    // The same in both byte orders.
    if (view.getUint32(0) === sectionHeaderBlock) this.#beginSection(view, at)
    const length = view.getUint32(4, this.#littleEndian)
    if (length < blockBytesMin || length > blockBytesMax || length % 4 !== 0) {
      throw new CaptureError('CAPTURE_DAMAGED', { at, reason: `a block of ${length} bytes` })
    }
    if (bytes.length < length) return 0
    if (view.getUint32(length - blockTailBytes, this.#littleEndian) !== length) {
      throw new CaptureError('CAPTURE_DAMAGED', { at, reason: 'a block whose two lengths differ' })
    }
    const body = new DataView(bytes.buffer, bytes.byteOffset + blockHeadBytes, length - blockHeadBytes - blockTailBytes)
    this.#readBlock(view.getUint32(0, this.#littleEndian), body, at, taker)
    return length
  }

  #beginSection(view: DataView, at: number): void {
    const little = view.getUint32(blockHeadBytes, true) === byteOrderMagic
    if (!little && view.getUint32(blockHeadBytes, false) !== byteOrderMagic) {
      throw new CaptureError('CAPTURE_DAMAGED', { at, reason: 'a section without a byte order' })
    }
    this.#littleEndian = little
    this.#interfaces = []
  }

  #readBlock(type: number, body: DataView, at: number, taker: CaptureTaker): void {
    const little = this.#littleEndian
    switch (type) {
      case interfaceBlock:
        this.#interfaces.push(readInterface(body, little, at))
        break
      case enhancedPacketBlock: {
        const [id, high, low, captured, wireLength] = numbers(body, 5, little, at)
        this.#tellPacket(body, 20, { id, high, low, captured, wireLength }, at, taker)
        break
      }
      case obsoletePacketBlock: {
        const [, high, low, captured, wireLength] = numbers(body, 5, little, at)
        this.#tellPacket(body, 20, { id: body.getUint16(0, little), high, low, captured, wireLength }, at, taker)
        break
      }
      case simplePacketBlock: {
        const [wireLength] = numbers(body, 1, little, at)
        const snapLength = this.#interfaces[0]?.snapLength ?? 0
        const room = body.byteLength - 4
        const captured = Math.min(wireLength, snapLength === 0 ? room : snapLength, room)
        this.#tellPacket(body, 4, { id: 0, high: 0, low: undefined, captured, wireLength }, at, taker)
        break
      }
      case secretsBlock:
        readSecrets(body, little, at, taker)
        break
      default:
    }
  }

  #tellPacket(body: DataView, start: number, fields: PacketFields, at: number, taker: CaptureTaker): void {
    const { id, high, low, captured, wireLength } = fields
    const from = this.#interfaces[id]
    if (from === undefined) {
      throw new CaptureError('CAPTURE_DAMAGED', { at, reason: `a packet of interface ${id}, which was not described` })
    }
    taker.packet({
      timeNs: low === undefined ? undefined : from.timeOf(high, low),
      linkType: from.linkType,
      bytes: bytesOf(body, start, captured, at),
      wireLength: Math.max(wireLength, captured),
    })
  }
}

interface PacketFields {
  readonly id: number
  readonly high: number
  /** The lower half of the time; undefined for a packet without one. */
  readonly low: number | undefined
  readonly captured: number
  readonly wireLength: number
}

type FiveNumbers = readonly [number, number, number, number, number]

function numbers(body: DataView, count: number, little: boolean, at: number): FiveNumbers {
  if (body.byteLength < count * 4)
    throw new CaptureError('CAPTURE_DAMAGED', { at, reason: 'a block without its fields' })
  const read = (index: number): number => (index < count ? body.getUint32(index * 4, little) : 0)
  return [read(0), read(1), read(2), read(3), read(4)]
}

function bytesOf(body: DataView, start: number, length: number, at: number): Uint8Array {
  if (start + length > body.byteLength) {
    throw new CaptureError('CAPTURE_DAMAGED', { at, reason: 'a block shorter than what it holds' })
  }
  return new Uint8Array(body.buffer, body.byteOffset + start, length)
}

function readSecrets(body: DataView, little: boolean, at: number, taker: CaptureTaker): void {
  const [kind, length] = numbers(body, 2, little, at)
  const secrets = bytesOf(body, 8, length, at)
  if (kind === tlsKeyLog) taker.keyLog(new TextDecoder().decode(secrets))
  else taker.unknownSecrets()
}
