import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeLatin1, encodeLatin1 } from '../../../src/protocol/encoding/latin1.ts'

test('every byte is the character of the same number, 0x80 to 0x9F too', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
  const text = decodeLatin1(bytes)
  expect(text).toHaveLength(256)
  for (let index = 0; index < 256; index++) expect(text.charCodeAt(index)).toBe(index)
})

test('there and back, across the pieces long input is decoded in', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4000, maxLength: 9000 }), (bytes) => {
      expect(encodeLatin1(decodeLatin1(bytes))).toEqual(bytes)
    }),
    { numRuns: 20 },
  )
})

test('U+00FF has a byte, U+0100 has none and the error says where it stands', () => {
  expect(encodeLatin1('\u00ff')).toEqual(Uint8Array.of(0xff))
  expect(() => encodeLatin1('ab\u0100')).toThrow(RangeError)
  expect(() => encodeLatin1('ab\u0100')).toThrow('index 2 (U+0100)')
})
