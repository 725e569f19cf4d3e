import { expect, test } from 'vitest'
import { returnReadingState, takeReadingState } from '../../../src/protocol/connection/reading-state.ts'
import { hex } from '../wire.ts'

const masked = { masked: true, reservedBits: 0 }
const unmasked = { masked: false, reservedBits: 0 }

test('what was returned reads for the next, whose frames may be of another kind', () => {
  const state = takeReadingState(masked)
  returnReadingState(state)
  const again = takeReadingState(unmasked)
  expect(again).toBe(state)
  again.decoder.feed(hex('8a 00'))
  expect(again.decoder.next()).toBe('header')
  again.decoder.next()
  again.decoder.release()
  returnReadingState(again)
})

test('eight are kept, however many were at work at once', () => {
  const states = Array.from({ length: 9 }, () => takeReadingState(masked))
  for (const state of states) returnReadingState(state)
  const again = new Set(Array.from({ length: 9 }, () => takeReadingState(masked)))
  expect(states.filter((state) => again.has(state))).toHaveLength(8)
})
