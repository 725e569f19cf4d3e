import { expect, test } from 'vitest'
import { VirtualClock } from '../../src/testing/virtual-clock.ts'

test('timers go off at their time and in order; those of one time as they were set', async () => {
  const clock = new VirtualClock()
  const story: string[] = []
  const note = (name: string) => (): void => void story.push(`${name} ${clock.now()}`)
  clock.set(20, note('c'))
  clock.set(10, note('a'))
  clock.set(10, note('b'))
  clock.set(31, note('later'))
  await clock.advance(30)
  expect(story).toEqual(['a 10', 'b 10', 'c 20'])
  expect(clock.now()).toBe(30)
  await clock.advance(1)
  expect(story.at(-1)).toBe('later 31')
})

test('a timer that is set by another, also by a promise it settles, goes off in the same advance', async () => {
  const clock = new VirtualClock()
  const story: number[] = []
  clock.set(5, () => {
    void Promise.resolve()
      .then(() => undefined)
      .then(() => clock.set(5, () => void story.push(clock.now())))
  })
  await clock.advance(10)
  expect(story).toEqual([10])
})

test('a cleared timer stays silent, and clearing nothing is harmless', async () => {
  const clock = new VirtualClock()
  const story: string[] = []
  const timer = clock.set(-5, () => void story.push('cleared'))
  clock.clear(timer)
  clock.clear(timer)
  clock.clear(undefined)
  await clock.advance(100)
  expect(story).toEqual([])
})
