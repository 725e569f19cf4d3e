import { describe, expect, test } from 'vitest'
import { withinReach } from '../../src/measure/descriptors.ts'
import { median, spread } from '../../src/measure/statistics.ts'

describe('median', () => {
  test('of an odd count is the one in the middle', () => {
    expect(median([9, 1, 5])).toBe(5)
  })

  test('of an even count lies between the two in the middle', () => {
    expect(median([10, 1, 2, 4])).toBe(3)
  })

  test('sorts by value, and leaves what it was given', () => {
    const values = [100, 20, 3]
    expect(median(values)).toBe(20)
    expect(values).toEqual([100, 20, 3])
  })

  test('of nothing does not exist', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})

describe('spread', () => {
  test('is the whole width as a share of the median', () => {
    expect(spread([9, 10, 12])).toBeCloseTo(0.3)
  })

  test('is none for a single value, and for nothing but zeros', () => {
    expect(spread([7])).toBe(0)
    expect(spread([0, 0])).toBe(0)
  })
})

describe('withinReach', () => {
  test('leaves what the descriptors suffice for', () => {
    expect(withinReach([1000, 20_000], 65_536)).toEqual([1000, 20_000])
  })

  test('brings down what they do not, once', () => {
    expect(withinReach([1000, 10_000, 20_000], 8000)).toEqual([1000, 7800])
  })
})
