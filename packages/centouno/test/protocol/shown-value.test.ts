import { expect, test } from 'vitest'
import { shownValue } from '../../src/protocol/shown-value.ts'

test.each([
  [null, 'null'],
  [undefined, 'undefined'],
  [-1.5, '-1.5'],
  [Number.NaN, 'NaN'],
  [true, 'true'],
  ['Bearer secret', 'a string'],
  [12n, 'a bigint'],
  [Symbol('s'), 'a symbol'],
  [() => 1, 'a function'],
  [[1], 'an array'],
  // Neither String nor JSON.stringify can show these.
  [Object.create(null), 'an object'],
  [{ toString: 1, toJSON: () => 1n }, 'an object'],
])('%# is named %2$s', (value, shown) => {
  expect(shownValue(value)).toBe(shown)
})
