import { describe, expect, test } from 'vitest'
import { Heartbeat } from '../../../src/protocol/connection/heartbeat.ts'
import { defaultTiming } from '../../../src/protocol/connection/timing.ts'
import { utf8 } from '../wire.ts'

/** Pings after 30 of silence, waits 10; open since 1000. */
function heartbeat(interval: number | false = 30, timeout: number | false = 10): Heartbeat {
  return new Heartbeat({ ...defaultTiming, heartbeatInterval: interval, heartbeatTimeout: timeout }, 1000)
}

describe('when', () => {
  test('a Ping is due when nothing has come for the interval', () => {
    const beat = heartbeat()
    expect(beat.dueAt).toBe(1030)
    beat.alive(1020)
    expect(beat.dueAt).toBe(1050)
    expect(beat.awaited).toBe(false)
  })

  test('after a Ping something is awaited for the timeout', () => {
    const beat = heartbeat()
    beat.ping(1030)
    expect([beat.awaited, beat.dueAt]).toEqual([true, 1040])
  })

  test('anything that comes counts, at the very time of the Ping too; the Pong may come later or never', () => {
    const beat = heartbeat()
    beat.ping(1030)
    beat.alive(1030)
    expect([beat.awaited, beat.dueAt]).toEqual([false, 1060])
    beat.alive(1039)
    expect([beat.awaited, beat.dueAt]).toEqual([false, 1069])
  })

  test('without an interval nothing is ever due', () => {
    expect(heartbeat(false).dueAt).toBe(Number.POSITIVE_INFINITY)
  })

  test('without a timeout Pings go out each interval, and nothing is awaited', () => {
    const beat = heartbeat(30, false)
    beat.ping(1030)
    expect([beat.awaited, beat.dueAt]).toEqual([false, 1060])
    beat.ping(1060)
    expect([beat.awaited, beat.dueAt]).toEqual([false, 1090])
  })
})

describe('latency', () => {
  test('is the time from a Ping to its Pong, and undefined before the first', () => {
    const beat = heartbeat()
    expect(beat.latency).toBeUndefined()
    const payload = beat.ping(1030).slice()
    expect(payload).toEqual(utf8('heartbeat 1'))
    expect(beat.pong(payload, 1037)).toBe(true)
    expect(beat.latency).toBe(7)
  })

  test('a Pong is taken once, and only with what the last Ping carried', () => {
    const beat = heartbeat()
    expect(beat.pong(utf8(''), 1000)).toBe(false)
    beat.ping(1030)
    beat.ping(1060)
    for (const other of ['', 'heartbeat', 'heartbeat 1', 'Heartbeat 2', 'heartbeat 20']) {
      expect({ other, taken: beat.pong(utf8(other), 1065) }).toEqual({ other, taken: false })
    }
    expect(beat.latency).toBeUndefined()
    expect(beat.pong(utf8('heartbeat 2'), 1065)).toBe(true)
    expect(beat.pong(utf8('heartbeat 2'), 1070)).toBe(false)
    expect(beat.latency).toBe(5)
  })
})
