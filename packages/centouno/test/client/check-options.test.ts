import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { connect } from '../../src/client/connect.ts'
import { ConnectError } from '../../src/client/connect-error.ts'
import type { ConnectOptions } from '../../src/client/connect-options.ts'
import { isCode } from '../../src/report/codes.ts'
import { closedPort } from '../support/scripted-server.ts'

/*
 * A `signal` that was none made connect() reject with a bare TypeError and leave its timer behind, which kept the process
 * alive for ten seconds. Other options of a wrong type failed in words of their own, or were taken for something else: the
 * subprotocol 'chat' for the four subprotocols c, h, a and t.
 */

afterEach(() => vi.restoreAllMocks())

async function failure(url: unknown, options: unknown): Promise<ConnectError> {
  const set = vi.spyOn(globalThis, 'setTimeout')
  const cleared = vi.spyOn(globalThis, 'clearTimeout')
  const error = await connect(url as string, options as ConnectOptions).then(
    (socket) => socket.terminate(),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ConnectError)
  const left = new Set(set.mock.results.map(({ value }) => value as unknown))
  for (const [timer] of cleared.mock.calls) left.delete(timer)
  expect([...left]).toEqual([])
  set.mockRestore()
  cleared.mockRestore()
  return error as ConnectError
}

test.each([
  ['signal', 'yes', /signal must be an AbortSignal, not a string/],
  ['signal', {}, /signal must be an AbortSignal, not an object/],
  ['signal', null, /signal must be an AbortSignal, not null/],
  ['headers', 'Cookie: a=b', /headers must be an object of strings/],
  ['headers', { Cookie: 5 }, /headers must be/],
  ['headers', [['Cookie']], /headers must be/],
  ['subprotocols', 'chat', /subprotocols must be an array of strings.*, not a string/],
  ['subprotocols', [1], /subprotocols must be/],
  ['origin', new URL('https://a.example'), /origin must be a string, not an object/],
  ['handshakeTimeout', '500', /handshakeTimeout must be a number of milliseconds from 1/],
  ['handshakeTimeout', Number.POSITIVE_INFINITY, /handshakeTimeout must be .*, not Infinity/],
  ['tls', true, /tls must be an object, not true/],
  ['proxy', true, /proxy must be a URL/],
  ['proxy', { host: 'a' }, /proxy must be a URL/],
  ['proxy', { url: 'http://a', password: 5 }, /proxy must be a URL/],
  ['socketPath', '', /socketPath must be a path/],
  ['redirects', '1', /redirects must be a number/],
  ['redirects', -1, /redirects must be a number/],
  ['connecting', { atMost: 0 }, /connecting must be/],
  ['explainSilence', 'no', /explainSilence must be true or false/],
  ['streamFrom', '1', /streamFrom must be a number/],
  ['outgoing', 5, /outgoing must be an object/],
  ['limits', 5, /limits must be an object/],
  ['limits', { messageBytes: Object.create(null) }, /messageBytes must be a number above zero, not an object/],
  ['relaxed', 'H-REQ-13', /relaxed must be an array of strings/],
  ['relaxed', ['H-NOT-01'], /There is no rule "H-NOT-01"/],
  ['requireSubprotocol', 1, /requireSubprotocol must be true or false/],
  ['traceparent', 5, /traceparent must be a string/],
  ['observe', {}, /observe must be a function/],
  ['wire', () => {}, /wire must be an object/],
])('%s: %o is told at once', async (name, value, words) => {
  const error = await failure('ws://127.0.0.1:1/', { [name]: value })
  expect(error).toMatchObject({ code: 'OPTIONS_INVALID', stage: 'resolve' })
  expect(error.message).toMatch(words)
})

test.each([[5], [null], [undefined], [{ toString: 1 }]])('the URL %o is told at once', async (url) => {
  expect(await failure(url, {})).toMatchObject({ code: 'OPTIONS_INVALID' })
})

test('options that are no object are told at once, and an observer of options that cannot be used is told as well', async () => {
  expect(await failure('ws://127.0.0.1:1/', null)).toMatchObject({ code: 'OPTIONS_INVALID' })
  const observe = vi.fn()
  await failure('ws://127.0.0.1:1/', { signal: 5, observe })
  expect(observe).toHaveBeenCalled()
})

test('what stands in the wrong place is not shown: it may be a secret', async () => {
  const { message, report } = await failure('ws://127.0.0.1:1/', { headers: 'Authorization: Bearer hunter2' })
  expect(message + JSON.stringify(report)).not.toContain('hunter2')
})

const names = [
  'headers',
  'subprotocols',
  'origin',
  'signal',
  'handshakeTimeout',
  'tls',
  'proxy',
  'socketPath',
  'redirects',
  'connecting',
  'explainSilence',
  'streamFrom',
  'outgoing',
  'limits',
  'relaxed',
  'requireSubprotocol',
  'traceparent',
  'tracestate',
  'observe',
  'wire',
] as const satisfies readonly (keyof ConnectOptions)[]

test('whatever an option is, connect rejects with a documented code and leaves nothing behind', async () => {
  const port = await closedPort()
  // A string may well be a proxy or a path, which would be looked for.
  const garbage = fc
    .tuple(fc.constantFrom(...names), fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }))
    .filter(([name, value]) => typeof value !== 'string' || (name !== 'proxy' && name !== 'socketPath'))
  await fc.assert(
    fc.asyncProperty(garbage, async ([name, value]) => {
      const { code } = await failure(`ws://127.0.0.1:${port}/`, { [name]: value })
      expect(isCode(code)).toBe(true)
      expect(code).not.toBe('UNEXPECTED')
    }),
    { numRuns: 300 },
  )
})
