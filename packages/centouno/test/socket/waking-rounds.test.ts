import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { WakeUp } from '../../src/socket/wake-up.ts'
import { WakingRounds } from '../../src/socket/waking-rounds.ts'
import { HandClock } from '../support/hand-clock.ts'

/** One that asks for the rest when it is woken too early, as connections do. */
class Sleeper {
  readonly wokenAt: number[] = []
  readonly #clock: HandClock
  readonly #wakeUp: WakeUp
  #at: number | undefined

  constructor(clock: HandClock) {
    this.#clock = clock
    this.#wakeUp = new WakeUp(clock, this)
  }

  sleepUntil(at: number | undefined): void {
    this.#at = at
    this.#wakeUp.set(at)
  }

  wake(): void {
    const now = this.#clock.now()
    if (this.#at === undefined) return
    if (now < this.#at) return this.#wakeUp.set(this.#at)
    this.#at = undefined
    this.wokenAt.push(now)
  }
}

test('many long waits share one timer, and each ends at its own time', async () => {
  const clock = new HandClock()
  const sleepers = Array.from({ length: 200 }, (_, index) => ({ at: 30_000 + index, sleeper: new Sleeper(clock) }))
  for (const { at, sleeper } of sleepers) sleeper.sleepUntil(at)
  // 30,000 and 30,199 lie in two intervals of 256 ms, or in one.
  expect(clock.waiting).toBeLessThanOrEqual(2)
  await clock.pass(40_000)
  for (const { at, sleeper } of sleepers) expect(sleeper.wokenAt).toEqual([at])
  expect(clock.waiting).toBe(0)
})

test('from 1,024 ms on a wait is shared, and not below', () => {
  const clock = new HandClock()
  const rounds = WakingRounds.of(clock)
  const member = { strike: vi.fn() }
  expect(rounds.join(member, 1023, 0)).toBeUndefined()
  expect(rounds.join(member, 1024, 0)).toMatchObject({ at: 1024 })
  expect(rounds.join({ strike: vi.fn() }, 1279, 0)).toBe(rounds.join({ strike: vi.fn() }, 1024, 0))
  expect(rounds.join({ strike: vi.fn() }, 1280, 0)).toMatchObject({ at: 1280 })
})

test('a round that all have left is over, and its timer with it', async () => {
  const clock = new HandClock()
  const sleepers = [new Sleeper(clock), new Sleeper(clock)] as const
  for (const sleeper of sleepers) sleeper.sleepUntil(5000)
  sleepers[0].sleepUntil(undefined)
  expect(clock.waiting).toBe(1)
  sleepers[1].sleepUntil(undefined)
  expect(clock.waiting).toBe(0)
  sleepers[0].sleepUntil(5000)
  await clock.pass(6000)
  expect([sleepers[0].wokenAt, sleepers[1].wokenAt]).toEqual([[5000], []])
})

test('those who leave, or join again, while a round strikes are woken as they asked', async () => {
  const clock = new HandClock()
  const told: string[] = []
  const second = new WakeUp(clock, { wake: () => told.push('second') })
  const third = new WakeUp(clock, {
    wake() {
      told.push(`third at ${clock.now()}`)
      if (told.length < 3) third.set(clock.now() + 2000)
    },
  })
  const first = new WakeUp(clock, {
    wake() {
      told.push('first')
      second.set(undefined)
    },
  })
  for (const one of [first, second, third]) one.set(2048)
  await clock.pass(2048)
  expect(told).toEqual(['first', 'third at 2048'])
  await clock.pass(2000)
  expect(told).toEqual(['first', 'third at 2048', 'third at 3840'])
})

test('one that throws when it is woken fails alone', async () => {
  const clock = new HandClock()
  const woken = vi.fn()
  const [failing, other] = [
    {
      wake: (): never => {
        throw new Error('woken badly')
      },
    },
    { wake: woken },
  ]
  for (const waking of [failing, other]) new WakeUp(clock, waking).set(3000)
  await expect(clock.pass(3000)).rejects.toThrow('woken badly')
  await clock.pass(0)
  expect(woken).toHaveBeenCalledOnce()
})

test('whatever is asked for, and taken back, everybody is woken at the time asked for last', async () => {
  const steps = fc.array(fc.record({ who: fc.nat(4), wait: fc.option(fc.nat(9000)), pass: fc.nat(1500) }), {
    maxLength: 30,
  })
  await fc.assert(
    fc.asyncProperty(steps, async (walk) => {
      const clock = new HandClock()
      const people = Array.from({ length: 5 }, () => ({
        sleeper: new Sleeper(clock),
        at: undefined as number | undefined,
      }))
      const due: number[][] = people.map(() => [])
      for (const { who, wait, pass } of walk) {
        const person = people[who] as (typeof people)[number]
        person.at = wait === null ? undefined : clock.now() + wait
        person.sleeper.sleepUntil(person.at)
        const until = clock.now() + pass
        await clock.pass(pass)
        for (const [index, one] of people.entries()) {
          if (one.at === undefined || one.at > until) continue
          due[index]?.push(one.at)
          one.at = undefined
        }
      }
      expect(people.map(({ sleeper }) => sleeper.wokenAt)).toEqual(due)
    }),
  )
})
