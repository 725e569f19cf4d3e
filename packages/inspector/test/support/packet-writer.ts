/** Writes packets and captures for tests, byte by byte, so that each kind of them can be had. */

export interface TcpParts {
  readonly from: string
  readonly to: string
  readonly fromPort: number
  readonly toPort: number
  readonly sequence?: number
  readonly acknowledgement?: number
  /** The control bits: SYN 2, ACK 16, PSH 8, FIN 1, RST 4. */
  readonly flags?: number
  readonly window?: number
  readonly options?: Uint8Array
  readonly payload?: Uint8Array
}

export const syn = 2
export const ack = 16
export const fin = 1
export const rst = 4

/** A TCP segment; checksums are 0, which no reader of captures minds. */
export function tcpBytes(parts: TcpParts): Uint8Array {
  const options = parts.options ?? new Uint8Array(0)
  const header = Buffer.alloc(20)
  header.writeUInt16BE(parts.fromPort, 0)
  header.writeUInt16BE(parts.toPort, 2)
  header.writeUInt32BE((parts.sequence ?? 0) >>> 0, 4)
  header.writeUInt32BE((parts.acknowledgement ?? 0) >>> 0, 8)
  header.writeUInt8(((20 + options.length) / 4) << 4, 12)
  header.writeUInt8(parts.flags ?? ack, 13)
  header.writeUInt16BE(parts.window ?? 512, 14)
  return Buffer.concat([header, options, parts.payload ?? new Uint8Array(0)])
}

export interface Ipv4Parts {
  readonly id?: number
  /** In units of eight bytes. */
  readonly fragmentOffset?: number
  readonly moreFragments?: boolean
  readonly options?: Uint8Array
  readonly protocol?: number
  /** In place of the true length. */
  readonly totalLength?: number
}

export function ipv4Bytes(from: string, to: string, payload: Uint8Array, parts: Ipv4Parts = {}): Uint8Array {
  const options = parts.options ?? new Uint8Array(0)
  const header = Buffer.alloc(20)
  header.writeUInt8(0x40 | ((20 + options.length) / 4), 0)
  header.writeUInt16BE(parts.totalLength ?? 20 + options.length + payload.length, 2)
  header.writeUInt16BE(parts.id ?? 0, 4)
  header.writeUInt16BE((parts.moreFragments === true ? 0x2000 : 0) | (parts.fragmentOffset ?? 0), 6)
  header.writeUInt8(64, 8)
  header.writeUInt8(parts.protocol ?? 6, 9)
  header.set(from.split('.').map(Number), 12)
  header.set(to.split('.').map(Number), 16)
  return Buffer.concat([header, options, payload])
}

/** An IPv6 packet. Addresses are written in full: eight groups. Extension headers come before the payload. */
export function ipv6Bytes(
  from: string,
  to: string,
  payload: Uint8Array,
  nextHeader = 6,
  extensions: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const header = Buffer.alloc(40)
  header.writeUInt8(0x60, 0)
  header.writeUInt16BE(extensions.length + payload.length, 4)
  header.writeUInt8(nextHeader, 6)
  header.writeUInt8(64, 7)
  for (const [at, address] of [
    [8, from],
    [24, to],
  ] as const) {
    for (const [index, group] of address.split(':').entries())
      header.writeUInt16BE(Number.parseInt(group, 16), at + index * 2)
  }
  return Buffer.concat([header, extensions, payload])
}

/** What each link layer puts in front of an IPv4 or IPv6 packet, and its LINKTYPE. */
export const linkLayers: Readonly<Record<string, { type: number; before: (version: 4 | 6) => Uint8Array }>> = {
  Ethernet: { type: 1, before: (version) => Buffer.concat([Buffer.alloc(12), etherType(version)]) },
  'Ethernet with a VLAN tag': {
    type: 1,
    before: (version) => Buffer.concat([Buffer.alloc(12), Buffer.from([0x81, 0, 0, 7]), etherType(version)]),
  },
  'Ethernet with two VLAN tags': {
    type: 1,
    before: (version) =>
      Buffer.concat([Buffer.alloc(12), Buffer.from([0x88, 0xa8, 0, 9, 0x81, 0, 0, 7]), etherType(version)]),
  },
  'Linux cooked v1': { type: 113, before: (version) => Buffer.concat([Buffer.alloc(14), etherType(version)]) },
  'Linux cooked v2': { type: 276, before: (version) => Buffer.concat([etherType(version), Buffer.alloc(18)]) },
  'NULL, little-endian': { type: 0, before: (version) => Buffer.from([version === 4 ? 2 : 30, 0, 0, 0]) },
  'NULL, big-endian': { type: 0, before: (version) => Buffer.from([0, 0, 0, version === 4 ? 2 : 24]) },
  LOOP: { type: 108, before: (version) => Buffer.from([0, 0, 0, version === 4 ? 2 : 28]) },
  'raw IP': { type: 101, before: () => new Uint8Array(0) },
  'raw IPv4 or IPv6 of OpenBSD': { type: 14, before: () => new Uint8Array(0) },
}

function etherType(version: 4 | 6): Uint8Array {
  return Buffer.from(version === 4 ? [0x08, 0x00] : [0x86, 0xdd])
}

/** A packet with its time, as a capture gets it. */
export interface WrittenPacket {
  readonly timeNs: bigint
  readonly bytes: Uint8Array
  /** How long it was on the wire, when the capture keeps less. */
  readonly wireLength?: number
}

const second = 1_000_000_000n

export interface PcapForm {
  readonly littleEndian?: boolean
  readonly nanoseconds?: boolean
  readonly linkType?: number
}

export function pcapFile(packets: readonly WrittenPacket[], form: PcapForm = {}): Uint8Array {
  const { littleEndian = true, nanoseconds = false, linkType = 101 } = form
  const words = wordWriter(littleEndian)
  const magic = nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4
  const version = littleEndian ? 0x0004_0002 : 0x0002_0004
  return Buffer.concat([
    words(magic, version, 0, 0, 262_144, linkType),
    ...packets.flatMap(({ timeNs, bytes, wireLength }) => [
      words(
        Number(timeNs / second),
        Number((timeNs % second) / (nanoseconds ? 1n : 1000n)),
        bytes.length,
        wireLength ?? bytes.length,
      ),
      bytes,
    ]),
  ])
}

/** Writes the blocks of a pcapng file in one byte order. */
export class PcapngWriter {
  readonly #words: (...words: readonly number[]) => Buffer
  readonly #littleEndian: boolean

  constructor(littleEndian: boolean) {
    this.#words = wordWriter(littleEndian)
    this.#littleEndian = littleEndian
  }

  block(type: number, ...body: readonly Uint8Array[]): Uint8Array {
    const content = Buffer.concat(body)
    const padded = Buffer.concat([content, Buffer.alloc((4 - (content.length % 4)) % 4)])
    return Buffer.concat([this.#words(type, padded.length + 12), padded, this.#words(padded.length + 12)])
  }

  section(): Uint8Array {
    const version = this.#littleEndian ? 0x0000_0001 : 0x0001_0000
    return this.block(0x0a0d0d0a, this.#words(0x1a2b3c4d, version, 0xffff_ffff, 0xffff_ffff))
  }

  /** `options` as pairs of code and value. */
  interface(linkType: number, options: readonly (readonly [number, Uint8Array])[] = [], snapLength = 0): Uint8Array {
    const head = this.#littleEndian ? linkType : linkType * 0x1_0000
    const written = options.map(([code, value]) => {
      const pair = this.#littleEndian ? value.length * 0x1_0000 + code : code * 0x1_0000 + value.length
      return Buffer.concat([this.#words(pair), value, Buffer.alloc((4 - (value.length % 4)) % 4)])
    })
    return this.block(1, this.#words(head >>> 0, snapLength), ...written)
  }

  /** `units` since 1970, in the interface's own resolution. */
  enhancedPacket(interfaceId: number, units: bigint, bytes: Uint8Array, wireLength = bytes.length): Uint8Array {
    const words = this.#words(
      interfaceId,
      Number((units >> 32n) & 0xffff_ffffn),
      Number(units & 0xffff_ffffn),
      bytes.length,
      wireLength,
    )
    return this.block(6, words, bytes)
  }

  simplePacket(bytes: Uint8Array, wireLength = bytes.length): Uint8Array {
    return this.block(3, this.#words(wireLength), bytes)
  }

  secrets(kind: number, content: Uint8Array): Uint8Array {
    return this.block(10, this.#words(kind, content.length), content)
  }
}

function wordWriter(littleEndian: boolean): (...words: readonly number[]) => Buffer {
  return (...words) => {
    const bytes = Buffer.alloc(words.length * 4)
    for (const [index, word] of words.entries()) {
      if (littleEndian) bytes.writeUInt32LE(word, index * 4)
      else bytes.writeUInt32BE(word, index * 4)
    }
    return bytes
  }
}
