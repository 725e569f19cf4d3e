/** RFC 1928 §3. */
export const methods: ReadonlyMap<number, string> = new Map([
  [0, 'no authentication'],
  [1, 'GSSAPI'],
  [2, 'user name and password'],
  [0xff, 'none acceptable'],
])

/** RFC 1928 §4. */
export const commands: ReadonlyMap<number, string> = new Map([
  [1, 'CONNECT'],
  [2, 'BIND'],
  [3, 'UDP ASSOCIATE'],
])

/** RFC 1928 §5. */
export const addressTypes: ReadonlyMap<number, string> = new Map([
  [1, 'IPv4'],
  [3, 'domain name'],
  [4, 'IPv6'],
])

/** RFC 1928 §6. */
export const replies: ReadonlyMap<number, string> = new Map([
  [0, 'succeeded'],
  [1, 'general failure'],
  [2, 'not allowed by the ruleset'],
  [3, 'network unreachable'],
  [4, 'host unreachable'],
  [5, 'connection refused'],
  [6, 'TTL expired'],
  [7, 'command not supported'],
  [8, 'address type not supported'],
])

/** An address as one writes it; a name comes with its length in front. */
export function addressText(type: number, bytes: Uint8Array): string {
  if (type === 3) return Buffer.from(bytes.subarray(1)).toString('latin1')
  if (type === 1) return bytes.join('.')
  const groups: string[] = []
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    groups.push((((bytes[at] as number) << 8) | (bytes[at + 1] as number)).toString(16))
  }
  // RFC 5952 §4.2: the longest run of zeros is shortened, by the reader that every URL has.
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}
