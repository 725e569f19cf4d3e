import { expect, test } from 'vitest'
import { WaitingInput } from '../../../src/protocol/connection/waiting-input.ts'

test('chunks come in their order, what was put back first; each is a copy', () => {
  const input = new WaitingInput()
  const chunk = Uint8Array.of(1, 2)
  input.push(chunk)
  input.push(Uint8Array.of(3))
  input.putBack(Uint8Array.of(0))
  input.putBack(new Uint8Array(0))
  chunk[0] = 9
  expect([input.next(), input.next(), input.next(), input.next()]).toEqual([
    Uint8Array.of(0),
    Uint8Array.of(1, 2),
    Uint8Array.of(3),
    undefined,
  ])
})

test('events are told one at a time, with the time at which they are', () => {
  const input = new WaitingInput()
  const told: string[] = []
  input.keep((now) => told.push(`end at ${now}`))
  input.keep((now) => told.push(`close at ${now}`))
  expect(input.tellNext(5)).toBe(true)
  expect(told).toEqual(['end at 5'])
  expect([input.tellNext(6), input.tellNext(7)]).toEqual([true, false])
  expect(told).toEqual(['end at 5', 'close at 6'])
})
