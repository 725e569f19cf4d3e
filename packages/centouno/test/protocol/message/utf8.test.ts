import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeUtf8, decodeValidUtf8, Utf8Validator } from '../../../src/protocol/message/utf8.ts'
import { hex, utf8 } from '../wire.ts'

/** At which byte the validator refuses; -1 when it never does. */
function faultAt(bytes: Uint8Array): number {
  const validator = new Utf8Validator()
  for (let index = 0; index < bytes.length; index++) {
    if (!validator.accept(bytes, index, index + 1)) return index
  }
  return -1
}

/** Whether the whole is valid, read in one go. */
function valid(bytes: Uint8Array): boolean {
  const validator = new Utf8Validator()
  return validator.accept(bytes, 0, bytes.length) && validator.complete
}

describe('RFC 3629 §4: what is valid', () => {
  test.each([
    ['', 'nothing'],
    ['00', 'U+0000'],
    ['7f', 'U+007F'],
    ['c2 80', 'U+0080, the first of two bytes'],
    ['df bf', 'U+07FF'],
    ['e0 a0 80', 'U+0800, the first of three'],
    ['ed 9f bf', 'U+D7FF, the last before the surrogates'],
    ['ee 80 80', 'U+E000, the first after them'],
    ['ef bf bf', 'U+FFFF'],
    ['f0 90 80 80', 'U+10000, the first of four'],
    ['f3 bf bf bf', 'U+FFFFF'],
    ['f4 8f bf bf', 'U+10FFFF, the last of all'],
    ['ef bb bf 61', 'a BOM, which is part of the text'],
    ['61 62 63 64 65 c3 a9 66 67 68 69 6a', 'ASCII around it'],
  ])('%s: %s', (text) => {
    const bytes = hex(text)
    expect(faultAt(bytes)).toBe(-1)
    expect(valid(bytes)).toBe(true)
    const decoded = decodeUtf8(bytes)
    expect(utf8(decoded ?? 'nothing')).toEqual(bytes)
    expect(decodeValidUtf8(bytes)).toBe(decoded)
  })
})

describe('RFC 3629 §4: what is not, and at which byte it shows', () => {
  test.each([
    ['80', 0, 'a tail without a first byte'],
    ['bf', 0, 'another'],
    ['61 80', 1, 'a tail after ASCII'],
    ['c0 80', 0, 'overlong U+0000'],
    ['c1 bf', 0, 'overlong U+007F'],
    ['e0 9f bf', 1, 'overlong U+07FF'],
    ['f0 8f bf bf', 1, 'overlong U+FFFF'],
    ['ed a0 80', 1, 'the surrogate U+D800'],
    ['ed bf bf', 1, 'the surrogate U+DFFF'],
    ['f4 90 80 80', 1, 'U+110000, over the last'],
    ['f5', 0, 'a first byte past U+10FFFF'],
    ['ff', 0, 'never a byte of UTF-8'],
    ['c3 28', 1, 'ASCII where a tail is due'],
    ['c3 c3', 1, 'a first byte where a tail is due'],
    ['e2 82 28', 2, 'ASCII where the second tail is due'],
    ['f0 9f 98 c0', 3, 'no third tail'],
    ['e0 a0 80 e0 9f', 4, 'the range of the second byte holds for each character anew'],
    ['61 62 63 64 65 66 67 ff', 7, 'after a run of ASCII'],
  ])('%s at byte %d: %s', (text, at) => {
    expect(faultAt(hex(text))).toBe(at)
    expect(valid(hex(text))).toBe(false)
    expect(decodeUtf8(hex(text))).toBeUndefined()
  })

  test.each(['c3', 'e2 82', 'f0', 'f0 9f', 'f0 9f 98', '61 f0 9f 98'])(
    '%s is cut: accepted so far, not complete',
    (text) => {
      expect(faultAt(hex(text))).toBe(-1)
      expect(valid(hex(text))).toBe(false)
      expect(decodeUtf8(hex(text))).toBeUndefined()
    },
  )
})

test('a validator that completed a text is ready for the next', () => {
  const validator = new Utf8Validator()
  for (const text of ['ed 9f bf', 'f4 8f bf bf', 'e0 a0 80', 'ef bf bf', 'f1 80 80 80']) {
    expect(validator.accept(hex(text), 0, hex(text).length)).toBe(true)
    expect(validator.complete).toBe(true)
  }
})

test('it reads no further than it is told', () => {
  expect(new Utf8Validator().accept(hex('ff 61 62 63 64 65 ff'), 1, 6)).toBe(true)
})

test('any bytes, cut anywhere: the same answer as the decoder', () => {
  const nearUtf8 = fc
    .tuple(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 3 }), fc.string({ unit: 'grapheme' }))
    .map(([before, noise, after]) => Uint8Array.from([...utf8(before), ...noise, ...utf8(after)]))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 12 }), nearUtf8), fc.nat({ max: 20 }), (bytes, place) => {
      const cut = Math.min(place, bytes.length)
      const validator = new Utf8Validator()
      const answer = validator.accept(bytes, 0, cut) && validator.accept(bytes, cut, bytes.length) && validator.complete
      expect(answer).toBe(decodeUtf8(bytes) !== undefined)
      expect(answer).toBe(Buffer.from(Buffer.from(bytes).toString('utf8')).equals(bytes))
    }),
    { numRuns: 1000 },
  )
})
