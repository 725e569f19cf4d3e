/*
 * What a packet begins with, by its LINKTYPE: Ethernet, the "cooked" headers that Linux writes for any interface, the
 * four bytes of a loopback interface, or nothing.
 */

/** Where the IP packet begins, which version it is; undefined for what is no IP; 'unknown' for a link layer that is. */
export type LinkReading = { readonly version: 4 | 6; readonly start: number } | 'not-ip' | 'unknown'

const linkTypes = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const

const etherTypeIpv4 = 0x0800
const etherTypeIpv6 = 0x86dd
/** IEEE 802.1Q, 802.1ad, and what was used before the latter. */
const vlanTypes: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100])
const vlanTagBytes = 4
const vlanTagsMax = 4

const ethernetTypeAt = 12
const ethernetBytes = 14
const cookedTypeAt = 14
const cookedBytes = 16
const cooked2TypeAt = 0
const cooked2Bytes = 20
const familyBytes = 4

const familyIpv4 = 2
/** The systems disagree: Linux, NetBSD and OpenBSD, FreeBSD, macOS. */
const familiesIpv6: ReadonlySet<number> = new Set([10, 24, 28, 30])

/** Finds the IP packet within a captured one. */
export function readLinkLayer(linkType: number, bytes: Uint8Array): LinkReading {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (linkType) {
    case linkTypes.ethernet:
      return afterEtherType(view, ethernetTypeAt, ethernetBytes)
    case linkTypes.linuxCooked:
      return afterEtherType(view, cookedTypeAt, cookedBytes)
    case linkTypes.linuxCooked2:
      return afterEtherType(view, cooked2TypeAt, cooked2Bytes)
    case linkTypes.null:
    case linkTypes.loop:
      return afterFamily(view)
    case linkTypes.raw:
    case linkTypes.rawBsd:
    case linkTypes.rawOpenBsd:
    case linkTypes.ipv4:
    case linkTypes.ipv6:
      return byVersion(view)
    default:
      return 'unknown'
  }
}

function afterEtherType(view: DataView, typeAt: number, headerBytes: number): LinkReading {
  if (view.byteLength < headerBytes) return 'not-ip'
  let type = view.getUint16(typeAt)
  let start = headerBytes
  // A tag stands between the addresses and the type it displaced.
  for (let tags = 0; tags < vlanTagsMax && vlanTypes.has(type); tags++) {
    if (view.byteLength < start + vlanTagBytes) return 'not-ip'
    type = view.getUint16(start + 2)
    start += vlanTagBytes
  }
  if (type === etherTypeIpv4) return { version: 4, start }
  if (type === etherTypeIpv6) return { version: 6, start }
  return 'not-ip'
}

/** The family stands in the byte order of the machine that captured (NULL) or of the network (LOOP): small either way. */
function afterFamily(view: DataView): LinkReading {
  if (view.byteLength < familyBytes) return 'not-ip'
  const family = Math.min(view.getUint32(0, true), view.getUint32(0, false))
  if (family === familyIpv4) return { version: 4, start: familyBytes }
  return familiesIpv6.has(family) ? { version: 6, start: familyBytes } : 'not-ip'
}

function byVersion(view: DataView): LinkReading {
  if (view.byteLength === 0) return 'not-ip'
  const version = view.getUint8(0) >>> 4
  return version === 4 || version === 6 ? { version, start: 0 } : 'not-ip'
}
