import { expect, test } from 'vitest'
import { expandLabel, prf } from '../../src/tls/key-schedule.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex')

test('RFC 8448 §3: the key and the IV of the server for the handshake', () => {
  const secret = bytes('b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38')
  expect(hex(expandLabel('sha256', secret, 'key', 16))).toBe('3fce516009c21727d0f2e4e86ee403bc')
  expect(hex(expandLabel('sha256', secret, 'iv', 12))).toBe('5d313eb2671276ee13000b30')
})

test('more than one block is asked for: the beginning is the same', () => {
  const secret = bytes('00'.repeat(32))
  // RFC 8446 §7.1: the length is part of what is hashed, so only the call itself repeats.
  expect(expandLabel('sha384', secret, 'key', 100)).toHaveLength(100)
  expect(hex(expandLabel('sha384', secret, 'key', 100))).toBe(hex(expandLabel('sha384', secret, 'key', 100)))
})

test('the PRF of TLS 1.2 with SHA-256, by a published vector', () => {
  const secret = bytes('9bbe436ba940f017b17652849a71db35')
  const seed = bytes('a0ba9f936cda311827a6f796ffd5198c')
  const expected =
    'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a' +
    '6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab' +
    '4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701' +
    '87347b66'
  expect(hex(prf('sha256', secret, 'test label', seed, 100))).toBe(expected)
})
