import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copyMasked } from '../../../src/protocol/frame/masking.ts'
import { hex, toHex } from '../wire.ts'

test('§5.7: "Hello" masked with 37fa213d', () => {
  const target = new Uint8Array(5)
  copyMasked(hex('48656c6c6f'), 0, 5, target, 0, 0x37fa213d, 0)
  expect(toHex(target)).toBe('7f 9f 4d 51 58')
})

test('a key of 0 copies, short or long', () => {
  for (const length of [10, 1000]) {
    const source = Uint8Array.from({ length }, (_, index) => index)
    const target = new Uint8Array(length)
    copyMasked(source, 0, length, target, 0, 0, 3)
    expect(target).toEqual(source)
  }
})

test('any place, length, key and offset: byte i is XORed with byte i mod 4 of the key, and nothing else is touched', () => {
  fc.assert(
    fc.property(
      fc.record({
        length: fc.oneof(fc.nat({ max: 8 }), fc.integer({ min: 60, max: 70 }), fc.nat({ max: 300 })),
        start: fc.nat({ max: 9 }),
        at: fc.nat({ max: 9 }),
        viewAt: fc.nat({ max: 9 }),
        key: fc.uint8Array({ minLength: 4, maxLength: 4 }),
        offset: fc.nat({ max: 1_000_003 }),
      }),
      ({ length, start, at, viewAt, key, offset }) => {
        const source = Uint8Array.from({ length: start + length + 5 }, (_, index) => (index * 7 + 3) & 255)
        const before = source.slice()
        const target = new Uint8Array(new ArrayBuffer(viewAt + at + length + 5), viewAt).fill(0xaa)
        const word = Number(`0x${toHex(key).replaceAll(' ', '')}`)
        const wanted = new Uint8Array(target.length)
        copyMasked(source, start, start + length, target, at, word, offset)
        expect(source).toEqual(before)
        for (let index = 0; index < target.length; index++) {
          const within = index >= at && index < at + length
          const masked = (source[start + index - at] ?? 0) ^ (key[(offset + index - at) % 4] ?? 0)
          wanted[index] = within ? masked : 0xaa
        }
        expect(target).toEqual(wanted)
      },
    ),
  )
})
