import { expect, test, vi } from 'vitest'
import { RoundTrips } from '../../src/socket/round-trips.ts'

test('a Pong answers its Ping and every earlier one; one that fits none ends nothing', async () => {
  const trips = new RoundTrips()
  const payloads = [trips.nextPayload(), trips.nextPayload(), trips.nextPayload()] as const
  const [first, second, third] = payloads.map((payload, index) => trips.begin(payload, index * 10))
  trips.answer(Uint8Array.of(1), 50)
  trips.answer(payloads[1], 100)
  expect(await Promise.all([first, second])).toEqual([100, 90])
  trips.answer(payloads[2], 130)
  expect(await third).toBe(110)
})

test('of two with the same payload, a Pong may mean the later', async () => {
  const trips = new RoundTrips()
  const both = [trips.begin(Uint8Array.of(7), 0), trips.begin(Uint8Array.of(7), 5)]
  trips.answer(Uint8Array.of(7), 10)
  expect(await Promise.all(both)).toEqual([10, 5])
})

test('the end rejects all that wait', async () => {
  const trips = new RoundTrips()
  const waiting = trips.begin(trips.nextPayload(), 0)
  trips.end(() => new Error('over'))
  await expect(waiting).rejects.toThrow('over')
})

test('the end makes no error when none waits', () => {
  const trips = new RoundTrips()
  const error = vi.fn(() => new Error('over'))
  trips.end(error)
  expect(error).not.toHaveBeenCalled()
})
