import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Inbox } from '../../src/socket/inbox.ts'
import { heldBy } from '../support/held-by.ts'

test('messages come out in order, and the account goes back to nothing', () => {
  const message = fc.oneof(fc.string(), fc.uint8Array())
  fc.assert(
    fc.property(fc.array(fc.option(message, { nil: undefined }), { maxLength: 50 }), (steps) => {
      const inbox = new Inbox()
      const model: (string | Uint8Array)[] = []
      for (const step of steps) {
        if (step !== undefined) {
          inbox.push(step)
          model.push(step)
        }
        const taken = step === undefined ? [inbox.shift(), model.shift()] : []
        expect(taken[0]).toEqual(taken[1])
        expect(inbox.length).toBe(model.length)
      }
      while (model.length > 0) expect(inbox.shift()).toEqual(model.shift())
      expect([inbox.shift(), inbox.length, inbox.heldBytes]).toEqual([undefined, 0, 0])
    }),
  )
})

test('an empty message counts for what its entry takes, so that a flood of them is bounded', () => {
  const inbox = new Inbox()
  inbox.push('')
  expect(inbox.heldBytes).toBeGreaterThan(0)
  inbox.push(new Uint8Array(1000))
  inbox.push('x'.repeat(1000))
  expect(inbox.heldBytes).toBeGreaterThanOrEqual(3000)
  inbox.clear()
  expect([inbox.heldBytes, inbox.length, inbox.shift()]).toEqual([0, 0, undefined])
})

/*
 * An entry was booked with 64 bytes while an array of one byte holds more than 200: a peer whose messages nobody took
 * could make the process hold several times what the limits say.
 */
test.for([
  ['an empty text', (): string => ''],
  ['a short text', (index: number): string => `message ${index}`],
  ['an empty array', (): Uint8Array => new Uint8Array(0)],
  ['an array of one byte', (): Uint8Array => new Uint8Array(1)],
  ['an array that lies outside the heap', (): Uint8Array => new Uint8Array(125)],
] as const)('%s is booked with no less than it holds', async ([, message]) => {
  const entries = 40_000
  const { held, result } = await heldBy(() => {
    const inbox = new Inbox()
    for (let index = 0; index < entries; index += 1) inbox.push(message(index))
    return inbox
  })
  expect(result.length).toBe(entries)
  expect(held).toBeLessThanOrEqual(result.heldBytes)
})
