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
  new WakeUp(systemClock, { wake }).set(performance.now() + 100)
  vi.advanceTimersByTime(99)
  expect(wake).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  vi.advanceTimersByTime(1000)
  expect(wake).toHaveBeenCalledOnce()
})

test('an earlier time replaces the old one; a later one lets the timer wake too early', () => {
  const wake = vi.fn()
  const wakeUp = new WakeUp(systemClock, { wake })
  const now = performance.now()
  for (const delay of [100, 10, 10, 500]) wakeUp.set(now + delay)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(12)
  expect(wake).toHaveBeenCalledOnce()
  wakeUp.set(now + 500)
  vi.advanceTimersByTime(480)
  expect(wake).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(10)
  expect(wake).toHaveBeenCalledTimes(2)
})

test('undefined disarms, also a waking that is about to come', () => {
  const wake = vi.fn()
  const wakeUp = new WakeUp(systemClock, { wake })
  wakeUp.set(undefined)
  wakeUp.set(performance.now() + 10)
  wakeUp.set(undefined)
  expect(vi.getTimerCount()).toBe(0)
  // At the same moment, and before the immediate by way of which the waking comes.
  wakeUp.set(performance.now() + 20)
  setTimeout(() => wakeUp.set(undefined), 20)
  vi.advanceTimersByTime(1000)
  expect(wake).not.toHaveBeenCalled()
})

test('a time that no timer of Node can wait for does not strike at once', () => {
  const wake = vi.fn()
  new WakeUp(systemClock, { wake }).set(performance.now() + 1e12)
  vi.advanceTimersByTime(1e6)
  expect(wake).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(1)
})

test('a time that has passed wakes at once, and the same time may be set again after it struck', () => {
  const wake = vi.fn()
  const wakeUp = new WakeUp(systemClock, { wake })
  const past = performance.now() - 5
  wakeUp.set(past)
  vi.advanceTimersByTime(1)
  wakeUp.set(past)
  vi.advanceTimersByTime(1)
  expect(wake).toHaveBeenCalledTimes(2)
})
