import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acceptValue, isKey, keyFrom } from '../../../src/protocol/handshake/key.ts'

describe('H-SRV-14: the accept value', () => {
  test.each([
    // RFC 6455 §1.3
    ['dGhlIHNhbXBsZSBub25jZQ==', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='],
    // RFC 6455 §4.1(7), hashed as sent although it is not canonical
    ['AQIDBAUGBwgJCgsMDQ4PEC==', 'OfS0wDaT5NoxF2gqm7Zj2YtetzM='],
  ])('of %s is %s', (key, accept) => {
    expect(acceptValue(key)).toBe(accept)
  })

  test('is what Node computes, for any key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const key = keyFrom(bytes)
        const hash = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        expect(acceptValue(key)).toBe(hash.digest('base64'))
      }),
    )
  })
})

describe('H-REQ-08: the shape of a key', () => {
  test('H-TRAP-02: the sample of the RFC has bits set that 16 bytes do not need', () => {
    expect(isKey('AQIDBAUGBwgJCgsMDQ4PEC==')).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['8 bytes', 'AQIDBAUGBwg='],
    ['15 bytes', 'AQIDBAUGBwgJCgsMDQ4P'],
    ['17 bytes', 'AQIDBAUGBwgJCgsMDQ4PEBE='],
    ['the URL-safe alphabet', 'AQIDBAUGBwgJCgsMDQ4-_A=='],
    ['no padding', 'AQIDBAUGBwgJCgsMDQ4PEA'],
    ['a blank inside', 'AQIDBAUGBwg CgsMDQ4PEA=='],
    ['a line feed after it', 'AQIDBAUGBwgJCgsMDQ4PEA==\n'],
    ['two keys', 'AQIDBAUGBwgJCgsMDQ4PEA==, AQIDBAUGBwgJCgsMDQ4PEA=='],
    ['padding in front', '==AQIDBAUGBwgJCgsMDQ4PEA'],
  ])('%s is not it', (_name, value) => {
    expect(isKey(value)).toBe(false)
  })

  test('any 16 bytes have it, and decode to themselves', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const key = keyFrom(bytes)
        expect(isKey(key)).toBe(true)
        expect(new Uint8Array(Buffer.from(key, 'base64'))).toEqual(bytes)
      }),
    )
  })

  test('15 or 17 bytes make no key', () => {
    expect(() => keyFrom(new Uint8Array(15))).toThrow('16 bytes, not 15')
    expect(() => keyFrom(new Uint8Array(17))).toThrow(RangeError)
  })
})
