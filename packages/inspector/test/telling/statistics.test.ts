import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AttemptStatistics, spreadOf } from '../../src/telling/statistics.ts'
import { openReport, refusedReport } from '../support/sample-report.ts'

test('figures are times that were measured: the nearest rank', () => {
  expect(spreadOf([7])).toEqual({ count: 1, min: 7, median: 7, p95: 7, max: 7 })
  expect(spreadOf([30, 10, 20, 40])).toEqual({ count: 4, min: 10, median: 20, p95: 40, max: 40 })
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(spreadOf(hundred)).toEqual({ count: 100, min: 1, median: 50, p95: 95, max: 100 })
})

test('property: each figure is one of the times, and they are in order', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, min: 0 }), { minLength: 1 }), (times) => {
      const { min, median, p95, max } = spreadOf(times)
      const figures = [min, median, p95, max]
      expect(figures.every((figure) => times.includes(figure))).toBe(true)
      expect(figures).toEqual(figures.toSorted((one, other) => one - other))
    }),
  )
})

test('only stages that were passed count, and failures are counted by their code', () => {
  const statistics = new AttemptStatistics(openReport.url)
  for (const report of [openReport, refusedReport, refusedReport]) statistics.add(report)
  const { attempts, opened, failures, stages } = statistics.statistics
  expect([attempts, opened]).toEqual([3, 1])
  expect(failures).toEqual([{ code: 'UPGRADE_UPGRADE_REQUIRED', count: 2 }])
  expect(stages.connect?.count).toBe(3)
  expect(stages.upgrade).toEqual({ count: 1, min: 6, median: 6, p95: 6, max: 6 })
  expect(stages.total?.max).toBe(10)
  expect(stages.secure).toBeUndefined()
})
