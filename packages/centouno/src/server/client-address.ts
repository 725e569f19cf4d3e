import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { ServerInputError } from './server-errors.ts'

/** Loopback: a proxy on the same machine, or a process that could do worse than open connections (RFC 5735 §3, RFC 4291 §2.5.3). */
const defaultProxies: readonly string[] = ['127.0.0.0/8', '::1']

/** The prefix of an IPv6 address that one subscriber has to himself, at least (RFC 6177 §2). */
const subscriberGroups = 4

/** Addresses that are remembered: asking Node's list costs more than all the rest. Enough for a server's proxies. */
const mostKnown = 256

/** Tells clients apart by their addresses, for counting. */
export class ClientAddresses {
  readonly #proxies = new BlockList()
  /** What the last addresses came to; forgotten all at once, so that nobody can make it grow. */
  readonly #known = new Map<string, string | undefined>()

  /** @throws ServerInputError (`PROXY_ADDRESS`) for what is neither an address nor `address/prefix`. */
  constructor(proxies: readonly string[] = defaultProxies) {
    for (const proxy of proxies) addRange(this.#proxies, proxy)
  }

  /**
   * What connections of one client have in common: the IPv4 address, or the /64 of an IPv6 address. Undefined where
   * there is no telling: for a proxy, which speaks for many, and for what has no address, such as a Unix socket.
   */
  key(remoteAddress: string | undefined): string | undefined {
    if (remoteAddress === undefined) return undefined
    const known = this.#known.get(remoteAddress)
    if (known !== undefined || this.#known.has(remoteAddress)) return known
    if (this.#known.size >= mostKnown) this.#known.clear()
    const key = this.#find(remoteAddress)
    this.#known.set(remoteAddress, key)
    return key
  }

  #find(remoteAddress: string): string | undefined {
    const address = unmapped(remoteAddress)
    if (isIPv4(address)) return this.#proxies.check(address, 'ipv4') ? undefined : address
    if (!isIPv6(address)) return undefined
    return this.#proxies.check(address, 'ipv6') ? undefined : network(address)
  }
}

/** An IPv4 client of a socket that listens on both (RFC 4291 §2.5.5.2). */
function unmapped(address: string): string {
  const mapped = '::ffff:'
  const rest = address.slice(mapped.length)
  return address.toLowerCase().startsWith(mapped) && isIPv4(rest) ? rest : address
}

/** The /64 of an IPv6 address; its zone, for a link-local one, is part of who it is. */
function network(address: string): string {
  const [digits = '', zone] = address.split('%')
  const [left = '', right] = digits.split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const gap = right === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...Array<string>(gap).fill('0'), ...tail].slice(0, subscriberGroups)
  const prefix = groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
  return zone === undefined ? `${prefix}::/64` : `${prefix}::/64%${zone}`
}

function addRange(list: BlockList, text: string): void {
  const [address = '', prefix, ...more] = text.split('/')
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined
  const bits = family === 'ipv4' ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (family === undefined || more.length > 0 || !(length <= bits)) {
    throw new ServerInputError(
      'PROXY_ADDRESS',
      `${JSON.stringify(text)} is no address of a proxy. Write an address such as "10.0.0.7" or a range such as "10.0.0.0/8".`,
    )
  }
  list.addSubnet(address, length, family)
}
