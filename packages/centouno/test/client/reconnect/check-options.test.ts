import { expect, test } from 'vitest'
import type { ReconnectOptions } from '../../../src/client/reconnect/reconnect-options.ts'
import { reconnecting } from '../../../src/client/reconnect/reconnecting.ts'
import { SocketInputError } from '../../../src/socket/socket-errors.ts'

/*
 * They were taken as they came: a `watch` that was no function was called at each step, and its TypeError swallowed; a
 * delay that was no number made NaN of the wait, which then was none at all.
 */

const url = 'ws://127.0.0.1:1/'

test.each([
  [null, /options must be an object, not null/],
  [{ connect: 'fast' }, /connect must be an object, or a function that makes one, not a string/],
  [{ delays: 5 }, /delays must be an object, not 5/],
  [{ delays: { first: '5' } }, /first must be a number of milliseconds, 0 or more, not a string/],
  [{ delays: { longest: -1 } }, /longest must be .*, not -1/],
  [{ delays: { settled: Number.NaN } }, /settled must be/],
  [{ delays: { longestAsked: null } }, /longestAsked must be/],
  [{ delays: { factor: 0.9 } }, /factor must be a number, 1 or more, not 0.9/],
  [{ maxFailures: '3' }, /maxFailures must be a number, 0 or more, not a string/],
  [{ maxFailures: -1 }, /maxFailures must be/],
  [{ retries: true }, /retries must be a function, not true/],
  [{ signal: 'stop' }, /signal must be an AbortSignal/],
  [{ watch: {} }, /watch must be a function/],
  [{ clock: 5 }, /clock must be an object/],
  [{ random: 0.5 }, /random must be a function/],
])('%o is refused at once, in a sentence', (options, sentence) => {
  const call = (): unknown => reconnecting(url, options as ReconnectOptions)
  expect(call).toThrow(sentence)
  expect(call).toThrow(SocketInputError)
  expect(call).toThrow(expect.objectContaining({ code: 'RECONNECT_OPTIONS' }))
})

test('the least that each may be is taken', async () => {
  const live = reconnecting(url, {
    connect: () => ({}),
    delays: { first: 0, factor: 1, longest: 0, settled: 0, longestAsked: 0 },
    maxFailures: 0,
  })
  expect((await live.stopped).why).toBe('attempts')
})
