import { expect, test } from 'vitest'
import { readHostField } from '../../../src/protocol/handshake/host-field.ts'

test.each([
  ['Example.COM', { host: 'example.com', port: undefined }],
  ['h:8080', { host: 'h', port: 8080 }],
  ['h:65535', { host: 'h', port: 65535 }],
  ['h:', { host: 'h', port: undefined }],
  ['[::1]:80', { host: '[::1]', port: 80 }],
  ['a%20b', { host: 'a%20b', port: undefined }],
])('%j is %j', (value, expected) => {
  expect(readHostField(value)).toEqual(expected)
})

test.each(['', ':80', 'h:65536', 'h:123456', 'h:x', 'a b', 'a/b', 'u@h', '::1', '[::1', '[]', 'h%2', 'caf\xe9', 'a\0'])(
  'H-H1-03: %j is no host',
  (value) => {
    expect(readHostField(value)).toBeUndefined()
  },
)
