import { expect, test } from 'vitest'
import { chunkSizes } from '../../src/testing/chunk-sizes.ts'

const first = (next: () => number, count: number): number[] => Array.from({ length: count }, () => next())

test('one size, or several over and over', () => {
  expect(first(chunkSizes(3), 3)).toEqual([3, 3, 3])
  expect(first(chunkSizes([1, 5]), 5)).toEqual([1, 5, 1, 5, 1])
  expect(first(chunkSizes([]), 1)).toEqual([Number.POSITIVE_INFINITY])
})

test('a seed gives the same sizes each time, within bounds, and another seed gives others', () => {
  const sizes = first(chunkSizes({ seed: 7, most: 9 }), 1_000)
  expect(first(chunkSizes({ seed: 7, most: 9 }), 1_000)).toEqual(sizes)
  expect(new Set(sizes)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]))
  expect(first(chunkSizes({ seed: 8, most: 9 }), 1_000)).not.toEqual(sizes)
  expect(Math.max(...first(chunkSizes({ seed: 0 }), 1_000))).toBe(64)
})
