import { describe, expect, test } from 'vitest'
import { filterFor, interfaceFor } from '../../src/capture/capture-tool.ts'

describe('the filter', () => {
  test('names each address with its port, once', () => {
    const endpoints = [
      { address: '192.0.2.1', port: 80 },
      { address: '2001:db8::1', port: 443 },
      { address: '192.0.2.1', port: 80 },
    ]
    expect(filterFor(endpoints)).toBe('tcp and ((host 192.0.2.1 and port 80) or (host 2001:db8::1 and port 443))')
    expect(filterFor([])).toBe('tcp')
  })

  test('has no zone in it, and nothing that is no address', () => {
    expect(filterFor([{ address: 'fe80::1%eth0', port: 1 }])).toBe('tcp and ((host fe80::1 and port 1))')
    expect(filterFor([{ address: '::1 or udp', port: 1 }])).toBe('tcp and (port 1)')
  })
})

test('the interface: all on Linux, loopback by itself elsewhere, else what the tool chooses', () => {
  const local = [{ address: '127.0.0.1', port: 1 }]
  const remote = [{ address: '192.0.2.1', port: 1 }]
  expect([interfaceFor(local, 'linux'), interfaceFor(remote, 'linux')]).toEqual(['any', 'any'])
  expect([interfaceFor(local, 'darwin'), interfaceFor(remote, 'darwin')]).toEqual(['lo0', undefined])
})
