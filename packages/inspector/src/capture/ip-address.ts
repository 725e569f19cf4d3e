/** An IPv4 address as one writes it. */
export function ipv4Text(bytes: Uint8Array): string {
  return bytes.join('.')
}

const groupCount = 8

/** An IPv6 address as RFC 5952 §4 writes it: lower case, no leading zeros, the longest run of zeros as `::`. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: groupCount }, (_, index) => {
    return ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)
  })
  const { start, length } = longestZeros(groups)
  const written = groups.map((group) => group.toString(16))
  // RFC 5952 §4.2.2: one group alone is not shortened.
  if (length < 2) return written.join(':')
  return `${written.slice(0, start).join(':')}::${written.slice(start + length).join(':')}`
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start }
  }
  return best
}
