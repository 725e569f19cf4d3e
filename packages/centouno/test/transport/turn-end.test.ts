import { expect, test } from 'vitest'
import { whenTurnEnds } from '../../src/transport/turn-end.ts'

test('whoever asks in one turn is told at its end, in order; who asks then, at the end of the next', async () => {
  const told: string[] = []
  const late = { turnEnds: () => void told.push('late') }
  whenTurnEnds({
    turnEnds: () => {
      told.push('first')
      whenTurnEnds(late)
    },
  })
  whenTurnEnds({ turnEnds: () => void told.push('second') })
  await Promise.resolve()
  expect(told).toEqual([])
  await new Promise(setImmediate)
  expect(told).toEqual(['first', 'second'])
  await new Promise(setImmediate)
  expect(told).toEqual(['first', 'second', 'late'])
})
