import { describe, expect, test } from 'vitest'
import { ControlRate } from '../../../src/protocol/connection/control-rate.ts'
import { opcodes } from '../../../src/protocol/frame/opcode.ts'

/** How many Pings pass at a time, of the given number. */
function admitted(rate: ControlRate, count: number, now: number, opcode: number = opcodes.ping): number {
  let passed = 0
  for (let index = 0; index < count; index++) if (rate.admits(opcode, now)) passed++
  return passed
}

describe('a second', () => {
  test('n pass, n + 1 do not', () => {
    expect(admitted(new ControlRate(3), 3, 0)).toBe(3)
    expect(admitted(new ControlRate(3), 4, 0)).toBe(3)
  })

  test('it begins with its first frame, and a new one when it is over', () => {
    const rate = new ControlRate(3)
    expect(admitted(rate, 1, 500)).toBe(1)
    expect(admitted(rate, 3, 1499)).toBe(2)
    expect(admitted(rate, 4, 1500)).toBe(3)
  })

  test('Pings and Pongs count alike, a Close not at all', () => {
    const rate = new ControlRate(3)
    expect(admitted(rate, 2, 0, opcodes.pong)).toBe(2)
    expect(admitted(rate, 5, 0, opcodes.close)).toBe(5)
    expect(admitted(rate, 2, 0, opcodes.ping)).toBe(1)
  })
})

test('a Pong for each Ping of ours is owed and not counted, a Ping is', () => {
  const rate = new ControlRate(3)
  for (let count = 0; count < 100; count++) rate.pingSent()
  expect(admitted(rate, 103, 0, opcodes.pong)).toBe(103)
  expect(admitted(rate, 1, 0, opcodes.pong)).toBe(0)
  rate.pingSent()
  expect(admitted(rate, 1, 0, opcodes.ping)).toBe(0)
})

describe('a pause', () => {
  test('gives credit by its length, for as long as it takes to use it', () => {
    const rate = new ControlRate(10)
    rate.pause(0)
    rate.resume(2500)
    expect(admitted(rate, 20, 2500)).toBe(20)
    // 5 of the credit of 25 are left, and 10 for the second.
    expect(admitted(rate, 20, 3500)).toBe(15)
  })

  test('told twice it counts once, and a resume without one gives nothing', () => {
    const rate = new ControlRate(10)
    rate.pause(0)
    rate.pause(900)
    rate.resume(1000)
    rate.resume(9000)
    expect(admitted(rate, 30, 9000)).toBe(20)
  })

  test('an unbounded rate stays one', () => {
    const rate = new ControlRate(Number.POSITIVE_INFINITY)
    for (const until of [5, 6]) {
      rate.pause(5)
      rate.resume(until)
      expect(admitted(rate, 1000, until)).toBe(1000)
    }
  })
})
