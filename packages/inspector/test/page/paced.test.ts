import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { paced } from '../../page/src/paced.ts'

// A ladder of ten thousand rungs was laid out anew with every drawing, and messages had to wait for it.

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what is cheap is shown at once', async () => {
  const source = shallowRef(1)
  const shown = paced(source, () => 0)
  source.value = 2
  await nextTick()
  expect(shown.value).toBe(2)
})

test('what is costly is shown once in so much time, and the last of it in the end', async () => {
  const source = shallowRef(0)
  const shown = paced(source, () => 200)
  const seen = new Set<number>()
  for (let drawing = 1; drawing <= 60; drawing += 1) {
    source.value = drawing
    await nextTick()
    vi.advanceTimersByTime(16)
    seen.add(shown.value)
  }
  // 960 ms are four times 200, and what was there before.
  expect(seen.size).toBe(5)
  vi.advanceTimersByTime(200)
  expect(shown.value).toBe(60)
})

test('what may not wait does not, and nothing older comes after it', async () => {
  const source = shallowRef(1)
  const shown = paced(source, (next) => (next === 3 ? 0 : 200))
  source.value = 2
  await nextTick()
  source.value = 3
  await nextTick()
  expect(shown.value).toBe(3)
  vi.advanceTimersByTime(1000)
  expect(shown.value).toBe(3)
})
