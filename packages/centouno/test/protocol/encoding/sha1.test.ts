import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha1 } from '../../../src/protocol/encoding/sha1.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const byNode = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex')

// RFC 3174 §7.3, and the digest of nothing
test.each([
  ['', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '84983e441c3bd26ebaae4aa1f95129e5e54670f1'],
])('the vectors of RFC 3174: %j', (text, digest) => {
  expect(hex(sha1(new TextEncoder().encode(text)))).toBe(digest)
})

test('every length around the ends of blocks', () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => 255 - index)
    expect(hex(sha1(bytes)), `${length} bytes`).toBe(byNode(bytes))
  }
})

test('any bytes give what Node gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      expect(hex(sha1(bytes))).toBe(byNode(bytes))
    }),
  )
})

test('a digest stays as it is when the next one is made', () => {
  const first = sha1(Uint8Array.of(1))
  const kept = hex(first)
  sha1(Uint8Array.of(2))
  expect(hex(first)).toBe(kept)
})
