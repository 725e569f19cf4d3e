import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WakeUp } from '../../src/socket/wake-up.ts'
import { systemClock } from '../../src/transport/clock.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('wakes once, at the time and not before', () => {
  const wake = vi.fn()
  new WakeUp(systemClock, wake).set(performance.now() + 100)
  vi.advanceTimersByTime(99)
  expect(wake).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  vi.advanceTimersByTime(1000)
  expect(wake).toHaveBeenCalledOnce()
})

test('a new time replaces the old one; undefined disarms; the same time keeps the timer', () => {
  const wake = vi.fn()
  const wakeUp = new WakeUp(systemClock, wake)
  const soon = performance.now() + 10
  wakeUp.set(soon)
  wakeUp.set(soon)
  expect(vi.getTimerCount()).toBe(1)
  wakeUp.set(soon + 100)
  vi.advanceTimersByTime(50)
  expect(wake).not.toHaveBeenCalled()
  wakeUp.set(undefined)
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(1000)
  expect(wake).not.toHaveBeenCalled()
})

test('a time that has passed wakes at once, and the same time may be set again after it struck', () => {
  const wake = vi.fn()
  const wakeUp = new WakeUp(systemClock, wake)
  const past = performance.now() - 5
  wakeUp.set(past)
  vi.advanceTimersByTime(1)
  wakeUp.set(past)
  vi.advanceTimersByTime(1)
  expect(wake).toHaveBeenCalledTimes(2)
})
