import { ipv4Text, ipv6Text } from './ip-address.ts'

/** An IP packet, or one fragment of it. */
export interface IpPacket {
  readonly source: string
  readonly destination: string
  /** The protocol of the payload (IANA's number); 6 is TCP. */
  readonly protocol: number
  /** What was captured of the payload. */
  readonly payload: Uint8Array
  /** How long the payload was on the wire. */
  readonly payloadLength: number
  /** Where this piece belongs, when the packet was cut into fragments. */
  readonly fragment: { readonly id: number; readonly offset: number; readonly more: boolean } | undefined
}

export const protocolTcp = 6

// RFC 791 §3.1
const ipv4HeaderBytes = 20
const moreFragmentsBit = 0x2000
const fragmentOffsetMask = 0x1fff
const fragmentUnitBytes = 8

// RFC 8200 §3
const ipv6HeaderBytes = 40
const extensionsMax = 16
const extensionUnitBytes = 8
const fragmentHeader = 44
const authenticationHeader = 51
/** Hop-by-hop options, routing, destination options, mobility, HIP, shim6: all with their length in the second byte. */
const lengthHeaders: ReadonlySet<number> = new Set([0, 43, 60, 135, 139, 140])

/**
 * Reads an IPv4 packet (RFC 791), with its options.
 *
 * @returns Undefined when it contradicts itself.
 */
export function readIpv4(bytes: Uint8Array): IpPacket | undefined {
  if (bytes.length < ipv4HeaderBytes) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerBytes = (view.getUint8(0) & 0x0f) * 4
  const said = view.getUint16(2)
  // A network card that cuts large sends itself shows them to the capture whole, with a length of 0.
  const total = said === 0 ? bytes.length : said
  if (view.getUint8(0) >>> 4 !== 4 || headerBytes < ipv4HeaderBytes || total < headerBytes) return undefined
  const placing = view.getUint16(6)
  const offset = (placing & fragmentOffsetMask) * fragmentUnitBytes
  const more = (placing & moreFragmentsBit) !== 0
  return {
    source: ipv4Text(bytes.subarray(12, 16)),
    destination: ipv4Text(bytes.subarray(16, 20)),
    protocol: view.getUint8(9),
    // What follows `total` is padding of the link layer.
    payload: bytes.subarray(headerBytes, total),
    payloadLength: total - headerBytes,
    fragment: more || offset > 0 ? { id: view.getUint16(4), offset, more } : undefined,
  }
}

/**
 * Reads an IPv6 packet (RFC 8200) past its extension headers.
 *
 * @returns Undefined when it contradicts itself, or is cut before its payload begins.
 */
export function readIpv6(bytes: Uint8Array): IpPacket | undefined {
  if (bytes.length < ipv6HeaderBytes) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint8(0) >>> 4 !== 6) return undefined
  const said = view.getUint16(4)
  const end = said === 0 ? bytes.length : ipv6HeaderBytes + said
  let protocol = view.getUint8(6)
  let start = ipv6HeaderBytes
  let fragment: IpPacket['fragment']
  for (let count = 0; count < extensionsMax; count++) {
    // Behind the first fragment's header only stands the rest of the payload.
    if (!isExtension(protocol) || (fragment !== undefined && fragment.offset > 0)) break
    if (start + extensionUnitBytes > Math.min(end, bytes.length)) return undefined
    if (protocol === fragmentHeader) {
      const placing = view.getUint16(start + 2)
      fragment = { id: view.getUint32(start + 4), offset: placing & ~7, more: (placing & 1) !== 0 }
    }
    const length = extensionBytes(protocol, view.getUint8(start + 1))
    protocol = view.getUint8(start)
    start += length
  }
  if (start > end) return undefined
  const whole = fragment === undefined || (fragment.offset === 0 && !fragment.more)
  return {
    source: ipv6Text(bytes.subarray(8, 24)),
    destination: ipv6Text(bytes.subarray(24, 40)),
    protocol,
    payload: bytes.subarray(start, end),
    payloadLength: end - start,
    // RFC 6946: a packet that is its only fragment is no fragment.
    fragment: whole ? undefined : fragment,
  }
}

function isExtension(protocol: number): boolean {
  return lengthHeaders.has(protocol) || protocol === fragmentHeader || protocol === authenticationHeader
}

function extensionBytes(protocol: number, length: number): number {
  if (protocol === fragmentHeader) return extensionUnitBytes
  // RFC 4302 §2.2: counted in units of four bytes, less two.
  if (protocol === authenticationHeader) return (length + 2) * 4
  return (length + 1) * extensionUnitBytes
}
