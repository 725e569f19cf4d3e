import { expect, test } from 'vitest'
import { LatencyHistogram } from '../../src/load/latency.ts'

test('quantiles are within two per cent', () => {
  const histogram = new LatencyHistogram()
  for (let value = 1; value <= 1000; value++) histogram.add(value)
  for (const share of [0.5, 0.9, 0.99, 1]) {
    const quantile = histogram.quantile(share) ?? 0
    expect(Math.abs(quantile / (share * 1000) - 1)).toBeLessThan(0.02)
  }
})

test('without values there is none, and after clearing neither', () => {
  const histogram = new LatencyHistogram()
  expect(histogram.quantile(0.5)).toBeUndefined()
  histogram.add(5)
  histogram.clear()
  expect(histogram.quantile(0.5)).toBeUndefined()
})

test('what is too small or too large is put at the ends', () => {
  const histogram = new LatencyHistogram()
  histogram.add(0)
  histogram.add(1e300)
  expect(histogram.quantile(0.5)).toBe(1)
  expect(histogram.quantile(1)).toBeGreaterThan(1e11)
})
