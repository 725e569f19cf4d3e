import { describe, expect, test } from 'vitest'
import { asked, backoff, defaultReconnectDelays, draw } from '../../../src/client/reconnect/reconnect-delays.ts'

const delays = defaultReconnectDelays
const clients = 10_000

/** Numbers that look random and are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('the delay before a client comes back', () => {
  test('H-SEC-08: the first is random, from 0 to 5 s, and spread evenly', () => {
    const random = seeded(1)
    const drawn = Array.from({ length: clients }, () => draw(backoff(1, delays), random))
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...drawn)).toBeLessThanOrEqual(5_000)
    // Ten equal parts of the time with a thousand each; the standard deviation is 30.
    const parts = Array.from(
      { length: 10 },
      (_, part) => drawn.filter((delay) => Math.floor(delay / 500) === part).length,
    )
    for (const count of parts) expect(Math.abs(count - clients / 10)).toBeLessThan(150)
  })

  test('H-SEC-08: those that follow may last longer and longer, up to a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 1_000_000].map((failures) => backoff(failures, delays))).toEqual(
      [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000].map((to) => ({ from: 0, to })),
    )
  })

  test.each([
    [0, 0, 5_000],
    [30_000, 30_000, 35_000],
    // An hour at most, whatever it asks for.
    [10 ** 12, 3_600_000, 3_605_000],
  ])('after a server asked for %i ms it is from %i to %i', (milliseconds, from, to) => {
    expect(asked(milliseconds, delays)).toEqual({ from, to })
  })

  test('ten thousand clients after a restart: the server sees no more a second than the first delay spreads', () => {
    const random = seeded(2)
    const perSecond = new Map<number, number>()
    for (let client = 0; client < clients; client++) {
      const second = Math.floor(draw(backoff(1, delays), random) / 1_000)
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    }
    // 2,000 a second is even; three standard deviations are 120.
    expect(Math.max(...perSecond.values())).toBeLessThan(2_150)
  })

  test('ten thousand clients and a server that takes 300 a second: all get in, and the storm gets weaker', () => {
    const random = seeded(3)
    const capacity = 300
    let waiting: { at: number; failures: number }[] = Array.from({ length: clients }, () => ({
      at: draw(backoff(1, delays), random),
      failures: 1,
    }))
    const attempts: number[] = []
    const seconds = 300
    for (let second = 0; second < seconds && waiting.length > 0; second++) {
      const now = waiting.filter(({ at }) => at < (second + 1) * 1_000)
      attempts.push(now.length)
      const refused = now.slice(capacity).map(({ at, failures }) => ({
        at: at + draw(backoff(failures + 1, delays), random),
        failures: failures + 1,
      }))
      waiting = [...waiting.filter(({ at }) => at >= (second + 1) * 1_000), ...refused]
    }
    expect(waiting).toEqual([])
    expect(Math.max(...attempts.slice(0, 5))).toBeLessThan(3_500)
    expect(Math.max(...attempts.slice(15))).toBeLessThan(1_000)
  })
})
