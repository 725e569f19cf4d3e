import { expect, test } from 'vitest'
import { formatAddress } from '../../src/client/address.ts'

test.each([
  ['127.0.0.1', 80, '127.0.0.1:80'],
  ['::1', 8080, '[::1]:8080'],
  ['example.com', 443, 'example.com:443'],
])('%s and %i are %s', (host, port, address) => {
  expect(formatAddress(host, port)).toBe(address)
})
