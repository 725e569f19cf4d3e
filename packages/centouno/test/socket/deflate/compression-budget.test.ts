import { describe, expect, test } from 'vitest'
import { CompressionBudget } from '../../../src/socket/deflate/compression-budget.ts'
import { neverUsed } from '../../../src/socket/deflate/context-pool.ts'
import {
  completeCompression,
  defaultCompression,
  type CompressionOptions,
} from '../../../src/socket/deflate/compression-options.ts'

const mebibyte = 1024 * 1024

describe('what there is for one more connection', () => {
  test('plenty, then smaller windows, then none; and never more than half of the budget for windows', () => {
    const budget = new CompressionBudget(64 * mebibyte)
    expect(budget.means(defaultCompression)).toEqual({ sendWindowBits: 13, sendTakeover: true, keepWindowBits: 15 })
    const seen: number[] = []
    for (let count = 0; count < 10_000; count++) {
      const { keepWindowBits } = budget.means(defaultCompression)
      seen.push(keepWindowBits)
      if (keepWindowBits > 0) budget.keepWindow(keepWindowBits)
    }
    expect([...new Set(seen)]).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 0])
    expect(budget.windows).toBeLessThanOrEqual(32 * mebibyte)
    expect(budget.windowCount).toBe(seen.filter((bits) => bits > 0).length)
    expect(budget.held).toBeLessThanOrEqual(budget.budget)
  })

  test('what is given back can be had again', () => {
    const budget = new CompressionBudget(16 * mebibyte)
    const release = budget.keepWindow(15)
    expect([budget.windows, budget.windowCount]).toEqual([32_768, 1])
    release()
    expect([budget.windows, budget.windowCount]).toEqual([0, 0])
  })

  test('what the options rule out, and nothing of a budget of 0', () => {
    const options: CompressionOptions = { ...defaultCompression, takeover: false, peerTakeover: false }
    const means = { sendWindowBits: 13, sendTakeover: false, keepWindowBits: 0 }
    expect(new CompressionBudget(64 * mebibyte).means(options)).toEqual(means)
    expect(new CompressionBudget(0).means(defaultCompression)).toEqual(means)
  })
})

test('a window that is set aside, and a budget that is lowered, take room from contexts', () => {
  const contextBytes = 10_000
  const budget = new CompressionBudget(2 * contextBytes)
  let lost = 0
  for (let count = 0; count < 2; count++) {
    expect(budget.pool.use({ contextBytes, usedAt: neverUsed, contextLost: () => void (lost += 1) })).toBe(true)
  }
  expect(budget.contextCount).toBe(2)
  budget.keepWindow(8)
  expect([lost, budget.contextCount]).toEqual([1, 1])
  budget.budget = 0
  expect([lost, budget.contextCount]).toEqual([2, 0])
  expect(() => {
    budget.budget = Number.NaN
  }).toThrow(/compression\.budget must be a number/)
})

describe('options', () => {
  test('true, false, and some of them', () => {
    expect(completeCompression(true)).toEqual(defaultCompression)
    expect(completeCompression(false)).toBeUndefined()
    expect(completeCompression({ level: 9 })).toEqual({ ...defaultCompression, level: 9 })
  })

  test.each([
    [{ level: 0 }, 'compression.level must be a whole number from 1 to 9, not 0.'],
    [{ windowBits: 8 }, 'compression.windowBits must be a whole number from 9 to 15, not 8.'],
    [{ peerWindowBits: 16 }, 'compression.peerWindowBits must be a whole number from 8 to 15, not 16.'],
    [{ memoryLevel: 1.5 }, 'compression.memoryLevel must be a whole number from 1 to 9, not 1.5.'],
    [{ threshold: -1 }, 'compression.threshold must be'],
    [{ takeover: 'yes' }, 'compression.takeover must be true or false, not yes.'],
    [{ serverNoContextTakeover: true }, 'There is no compression.serverNoContextTakeover.'],
  ])('%j', (given, fault) => {
    expect(completeCompression(given as Partial<CompressionOptions>)).toContain(fault)
  })
})
