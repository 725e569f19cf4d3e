import { expect, test } from 'vitest'
import { nextMaskingKey } from '../../src/socket/masking-key.ts'

test('H-SEC-06: keys are four bytes, spread evenly, and do not repeat in order', () => {
  const keys = Array.from({ length: 10_000 }, () => Buffer.from(nextMaskingKey()))
  expect(keys.every((key) => key.length === 4)).toBe(true)
  // By the birthday bound, ten thousand of 2^32 hold a pair or so by chance; a repeating source holds thousands.
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBeGreaterThan(9_990)
  const ones = keys.reduce(
    (sum, key) => sum + key.reduce((bits, byte) => bits + byte.toString(2).replaceAll('0', '').length, 0),
    0,
  )
  // 320,000 fair bits: 160,000 ones, standard deviation 283; five of them either way.
  expect(Math.abs(ones - 160_000)).toBeLessThan(1_415)
})

test('a key that was handed out does not change when the pool is renewed', () => {
  const key = nextMaskingKey()
  const copy = key.slice()
  for (let count = 0; count < 5_000; count += 1) nextMaskingKey()
  expect(key).toEqual(copy)
})
