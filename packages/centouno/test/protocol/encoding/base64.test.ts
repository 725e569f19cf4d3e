import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBase64 } from '../../../src/protocol/encoding/base64.ts'

// RFC 4648 §10
test.each([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
])('the vectors of RFC 4648: %j', (text, encoded) => {
  expect(encodeBase64(new TextEncoder().encode(text))).toBe(encoded)
})

test('any bytes come out as Node encodes them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
    }),
  )
})
