import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { takeErrors, userOf, useStream, whenClosed } from '../../src/transport/stream-ends.ts'

/** `once` of Node's would take the error for its own. */
function closed(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => stream.once('close', resolve))
}

test('a failure of a stream without a user ends with the stream', async () => {
  const stream = new PassThrough()
  takeErrors(stream)
  stream.destroy(new Error('failed'))
  await closed(stream)
  expect(stream.errored).toMatchObject({ message: 'failed' })
})

test('the user hears of a failure, then of the end, and finds itself no longer counted', async () => {
  const told: string[] = []
  const stream = new PassThrough()
  const user = {
    ended: () => told.push('ended'),
    failed: (error: Error) => told.push(error.message),
    closed: () => told.push('closed'),
  }
  useStream(stream, user)
  expect(userOf(stream)).toBe(user)
  whenClosed(stream, () => told.push('counted out'))
  stream.destroy(new Error('failed'))
  await closed(stream)
  expect(told).toEqual(['failed', 'counted out', 'closed'])
})

test('each event has one listener, whoever takes errors, uses the stream or counts it', () => {
  const stream = new PassThrough()
  const before = stream.listenerCount('close')
  const count = vi.fn()
  takeErrors(stream)
  useStream(stream, { ended() {}, failed() {}, closed() {} })
  for (let time = 0; time < 3; time++) whenClosed(stream, count)
  expect([stream.listenerCount('error'), stream.listenerCount('close') - before]).toEqual([1, 1])
})

test('a stream that several count is counted out by each, once', async () => {
  const stream = new PassThrough()
  const [one, other] = [vi.fn(), vi.fn()]
  for (const told of [one, other, one]) whenClosed(stream, told)
  stream.destroy()
  await closed(stream)
  expect(one).toHaveBeenCalledExactlyOnceWith(stream)
  expect(other).toHaveBeenCalledExactlyOnceWith(stream)
})
