import type { Text } from 'centouno/telling'

/** RFC 1928 §3. */
export const methods: ReadonlyMap<number, Text> = new Map<number, Text>([
  [0, { en: 'no authentication', zh: '不需要验证' }],
  [1, { en: 'GSSAPI', zh: 'GSSAPI' }],
  [2, { en: 'user name and password', zh: '用户名和密码' }],
  [0xff, { en: 'none acceptable', zh: '都不接受' }],
])

/** RFC 1928 §4. */
export const commands: ReadonlyMap<number, Text> = new Map<number, Text>([
  [1, { en: 'CONNECT', zh: 'CONNECT' }],
  [2, { en: 'BIND', zh: 'BIND' }],
  [3, { en: 'UDP ASSOCIATE', zh: 'UDP ASSOCIATE' }],
])

/** RFC 1928 §5. */
export const addressTypes: ReadonlyMap<number, Text> = new Map<number, Text>([
  [1, { en: 'IPv4', zh: 'IPv4' }],
  [3, { en: 'domain name', zh: '域名' }],
  [4, { en: 'IPv6', zh: 'IPv6' }],
])

/** RFC 1928 §6. */
export const replies: ReadonlyMap<number, Text> = new Map<number, Text>([
  [0, { en: 'succeeded', zh: '成功' }],
  [1, { en: 'general failure', zh: '一般性故障' }],
  [2, { en: 'not allowed by the ruleset', zh: '规则不允许' }],
  [3, { en: 'network unreachable', zh: '网络不可达' }],
  [4, { en: 'host unreachable', zh: '主机不可达' }],
  [5, { en: 'connection refused', zh: '连接被拒绝' }],
  [6, { en: 'TTL expired', zh: 'TTL 已耗尽' }],
  [7, { en: 'command not supported', zh: '不支持该命令' }],
  [8, { en: 'address type not supported', zh: '不支持该地址类型' }],
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
