import { describe, expect, test } from 'vitest'
import { ClientAddresses } from '../../src/server/client-address.ts'
import { ServerInputError } from '../../src/server/server-errors.ts'

describe('one client', () => {
  const all = new ClientAddresses([])

  test.each([
    ['an IPv4 address', '192.0.2.7', '192.0.2.7', '192.0.2.8'],
    ['an IPv4 address that came over IPv6', '::ffff:192.0.2.7', '192.0.2.7', '::ffff:192.0.2.8'],
    ['a /64 of IPv6', '2001:db8:0:1::7', '2001:db8:0:1:ffff::8', '2001:db8:0:2::7'],
    ['the same, with zeroes written out', '2001:db8:0:0:1:2:3:4', '2001:db8::', '2001:db8:0:1::'],
    ['a short one', '::2', '0:0:0:0:5:6:7:8', '1::2'],
    ['a zone', 'fe80::1%eth0', 'fe80::2%eth0', 'fe80::1%eth1'],
  ])('%s', (_, address, same, other) => {
    expect(all.key(address)).toBeDefined()
    expect(all.key(same)).toBe(all.key(address))
    expect(all.key(other)).not.toBe(all.key(address))
  })

  test.each([undefined, '', '/run/chat.sock'])('%j is nobody in particular', (address) => {
    expect(all.key(address)).toBeUndefined()
  })
})

describe('proxies speak for many', () => {
  test.each(['127.0.0.1', '127.200.3.4', '::1', '::ffff:127.0.0.1'])('%s is one by default', (address) => {
    expect(new ClientAddresses().key(address)).toBeUndefined()
  })

  test('others are named, as addresses and as ranges; then loopback is none unless it is named too', () => {
    const addresses = new ClientAddresses(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'])
    for (const proxy of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', '2001:db8:1::2']) {
      expect(addresses.key(proxy)).toBeUndefined()
    }
    for (const client of ['11.0.0.1', '192.0.2.2', '2001:db9::1', '127.0.0.1']) {
      expect(addresses.key(client)).toBeDefined()
    }
  })

  test.each(['', 'proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', '::/129', '10.0.0'])(
    'PROXY_ADDRESS: %j is neither',
    (text) => {
      expect(() => new ClientAddresses([text])).toThrow(ServerInputError)
    },
  )
})
