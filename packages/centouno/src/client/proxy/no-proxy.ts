import { BlockList, isIP } from 'node:net'

/**
 * Whether a list as in `NO_PROXY` has this server. Entries are separated by commas or blanks:
 *
 *     entry = "*" / ( [ "." / "*." ] name / address / address "/" prefix-length ) [ ":" port ]
 *
 * A name stands for itself and for everything below it, with or without a dot before it. An IPv6 address with a port is
 * written in brackets. Addresses are compared with addresses only: names are not resolved for it.
 */
export function bypasses(list: string, host: string, port: number): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => matches(entry, name, port))
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '') return false
  if (entry === '*') return true
  const { pattern, onlyPort } = splitPort(entry)
  if (onlyPort !== undefined && onlyPort !== port) return false
  return isIP(host) === 0 ? matchesName(pattern, host) : matchesAddress(pattern, host)
}

function splitPort(entry: string): { pattern: string; onlyPort?: number } {
  const bracketed = /^\[([^\]]*)\](\/\d{1,3})?(?::(\d{1,5}))?$/.exec(entry)
  if (bracketed !== null) {
    const [, address = '', prefix = '', port] = bracketed
    return port === undefined ? { pattern: address + prefix } : { pattern: address + prefix, onlyPort: Number(port) }
  }
  // More than one colon: an IPv6 address without brackets, and so without a port.
  const [pattern = '', port, more] = entry.split(':', 3)
  return port === undefined || more !== undefined || !/^\d{1,5}$/.test(port)
    ? { pattern: entry }
    : { pattern, onlyPort: Number(port) }
}

function matchesName(pattern: string, host: string): boolean {
  const name = pattern.replace(/^\*?\./, '').replace(/\.$/, '')
  return name !== '' && (host === name || host.endsWith(`.${name}`))
}

function matchesAddress(pattern: string, host: string): boolean {
  const [address = '', length] = pattern.split('/', 2)
  const family = isIP(address)
  if (family === 0 || family !== isIP(host)) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const bits = family === 4 ? 32 : 128
  const prefix = length === undefined ? bits : Number(length)
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits || length === '') return false
  const network = new BlockList()
  network.addSubnet(address, prefix, type)
  return network.check(host, type)
}
