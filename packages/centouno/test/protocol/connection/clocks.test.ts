import { describe, expect, test } from 'vitest'
import type { ConnectionTiming } from '../../../src/protocol/connection/timing.ts'
import { Clocks } from '../../../src/protocol/connection/clocks.ts'

const off: ConnectionTiming = {
  heartbeatInterval: false,
  heartbeatTimeout: false,
  idleTimeout: false,
  maxLifetime: false,
  writeTimeout: false,
  closeTimeout: 5,
}

/** Open since 1000. */
function clocks(timing: Partial<ConnectionTiming>): Clocks {
  return new Clocks({ ...off, ...timing }, 1000)
}

/** What is due at the time; checks that nothing was a moment before, and that waking was asked for by then. */
function dueAt(some: Clocks, time: number): string | undefined {
  expect(some.wakeAt(time - 1)).toBeLessThanOrEqual(time)
  expect(some.due(time - 0.5)).toBeUndefined()
  return some.due(time)
}

test('with everything off, nothing is ever due', () => {
  const some = clocks({})
  some.block(1000)
  for (const now of [1000, 1e15]) expect([some.wakeAt(now), some.due(now)]).toEqual([undefined, undefined])
})

describe('each clock on its own', () => {
  test('heartbeat: a Ping, then the end', () => {
    const some = clocks({ heartbeatInterval: 30, heartbeatTimeout: 10 })
    expect(dueAt(some, 1030)).toBe('ping')
    some.heartbeat.ping(1030)
    expect(dueAt(some, 1040)).toBe('heartbeat-timeout')
  })

  test('idle: from the last message', () => {
    const some = clocks({ idleTimeout: 100 })
    some.message(1050)
    expect(dueAt(some, 1150)).toBe('idle-timeout')
  })

  test('lifetime: from the opening, blocked or paused or not', () => {
    const some = clocks({ maxLifetime: 100, writeTimeout: 1e6 })
    some.pause()
    some.block(1050)
    some.message(1090)
    expect(dueAt(some, 1100)).toBe('lifetime')
  })

  test('write: from when the blocked transport last took something', () => {
    const some = clocks({ writeTimeout: 80 })
    expect(some.wakeAt(1000)).toBeUndefined()
    some.block(1010)
    expect(some.blocked).toBe(true)
    expect(some.wakeAt(1010), 'time to look whether it took something').toBe(1020)
    some.took(1050)
    expect(some.wakeAt(1125), 'no later than the end').toBe(1130)
    expect(dueAt(some, 1130)).toBe('write-timeout')
    some.drain(1131)
    expect(some.blocked).toBe(false)
    expect([some.wakeAt(1131), some.due(1e9)]).toEqual([undefined, undefined])
  })
})

describe('silence counts only while it can be heard', () => {
  const timing = { heartbeatInterval: 30, heartbeatTimeout: 10, idleTimeout: 20 }
  const deaf = {
    paused: [(some: Clocks) => some.pause(), (some: Clocks) => some.resume(2000)],
    blocked: [(some: Clocks) => some.block(1000), (some: Clocks) => some.drain(2000)],
  } as const

  test.each(['paused', 'blocked'] as const)('%s: neither a missing Pong nor a missing message is held', (state) => {
    const [begin, end] = deaf[state]
    const some = clocks(timing)
    some.heartbeat.ping(1000.1)
    begin(some)
    expect(some.wakeAt(1005)).toBeUndefined()
    expect(some.due(1999)).toBeUndefined()
    end(some)
    expect(dueAt(some, 2020)).toBe('idle-timeout')
    some.message(2029)
    expect(dueAt(some, 2030)).toBe('ping')
  })

  test('paused and blocked: both must be over', () => {
    const some = clocks(timing)
    some.pause()
    some.block(1000)
    some.drain(1100)
    expect(some.due(1500)).toBeUndefined()
    some.resume(1600)
    expect(dueAt(some, 1620)).toBe('idle-timeout')
  })
})

describe('silence that is told', () => {
  test('is of both sides: counted from the last message or sign of life, or from the opening', () => {
    const some = clocks({})
    expect(some.silence(1010)).toBe(10)
    some.message(1020)
    expect(some.silence(1050)).toBe(30)
    some.heartbeat.alive(1045)
    expect(some.silence(1050)).toBe(5)
    some.heartbeat.ping(1048)
    expect(some.silence(1050)).toBe(2)
  })

  test('is none where it is not known', () => {
    const some = clocks({})
    some.pause()
    expect(some.silence(9000)).toBe(0)
    some.resume(9000)
    some.block(9000)
    expect(some.silence(9500)).toBe(0)
    some.drain(9500)
    expect(some.silence(9600)).toBe(100)
    some.pongUnasked()
    expect(some.silence(9600)).toBe(0)
  })
})

test('when several strike at once, the one that tells more comes first', () => {
  const some = clocks({
    heartbeatInterval: 10,
    heartbeatTimeout: 10,
    idleTimeout: 10,
    maxLifetime: 10,
    writeTimeout: 10,
  })
  some.heartbeat.ping(1010)
  expect(some.due(1020)).toBe('heartbeat-timeout')
  some.heartbeat.alive(1020)
  expect(some.due(1030)).toBe('lifetime')
  some.block(1030)
  expect(some.due(1040)).toBe('write-timeout')
  const quiet = clocks({ heartbeatInterval: 10, idleTimeout: 10 })
  expect(quiet.due(1010)).toBe('idle-timeout')
})

describe('the wait for the end', () => {
  test('is closeTimeout long', () => {
    const some = clocks({ closeTimeout: 80 })
    some.waitForEnd(2000, true)
    expect([some.endWakeAt(2000), some.endDue(2079), some.endDue(2080)]).toEqual([2080, false, true])
  })

  test('while the transport is blocked, it counts from when something was last taken, and again from the last of it', () => {
    const some = clocks({ closeTimeout: 80 })
    some.block(1990)
    some.waitForEnd(2000, true)
    expect([some.endWakeAt(2000), some.endWakeAt(2075)]).toEqual([2010, 2080])
    some.took(2060)
    expect([some.endDue(2139), some.endDue(2140)]).toEqual([false, true])
    some.drain(2130)
    expect([some.endWakeAt(2130), some.endDue(2209), some.endDue(2210)]).toEqual([2210, false, true])
    // What is taken of a transport that is not blocked is nothing that was waited for.
    some.took(2200)
    some.drain(2200)
    expect(some.endDue(2210)).toBe(true)
  })

  test('is not prolonged for a peer that broke a rule', () => {
    const some = clocks({ closeTimeout: 80 })
    some.block(1990)
    some.waitForEnd(2000, false)
    some.took(2060)
    some.drain(2070)
    expect(some.endDue(2080)).toBe(true)
  })
})
