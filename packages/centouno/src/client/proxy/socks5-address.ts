import { isIP } from 'node:net'
import { StageFailure } from '../stage-failure.ts'

/** RFC 1928 §5, the field ATYP. */
export const addressType = { ipv4: 1, name: 3, ipv6: 4 } as const

/** An address as SOCKS5 writes it, without its type. */
export interface SocksAddress {
  readonly type: number
  readonly bytes: Uint8Array
}

// The length of a name is one byte.
const longestName = 255
const ipv6Groups = 8

/** A host of a URI: a literal address as its bytes, a name with its length before it. */
export function addressBytes(host: string): SocksAddress {
  const family = isIP(host)
  if (family === 4) return { type: addressType.ipv4, bytes: Uint8Array.from(host.split('.').map(Number)) }
  if (family === 6) return { type: addressType.ipv6, bytes: ipv6Bytes(host) }
  const name = new TextEncoder().encode(host)
  if (name.length > longestName) throw new StageFailure('SOCKS_ADDRESS_TYPE')
  return { type: addressType.name, bytes: Uint8Array.of(name.length, ...name) }
}

// A URL has it in its normal form: groups of hexadecimal digits, `::` once at most, no dotted end.
function ipv6Bytes(address: string): Uint8Array {
  const [head = '', tail] = address.split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const gap = Array.from({ length: ipv6Groups - before.length - after.length }, () => 0)
  return Uint8Array.from([...before, ...gap, ...after].flatMap((group) => [group >>> 8, group & 0xff]))
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
