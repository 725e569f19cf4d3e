import http from 'node:http'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attach } from '../../src/server/attach.ts'
import { endpoint, Endpoint } from '../../src/server/endpoint.ts'
import { listen, type ListenOptions, type Server } from '../../src/server/listen.ts'
import { ListenError, ServerInputError } from '../../src/server/server-errors.ts'
import { upgradeHandler } from '../../src/server/upgrade-handler.ts'

/*
 * A wrong type was found late, in words of Node's or of JavaScript's, or by the first client: origins: 'https://a.example'
 * gave "origins.filter is not a function", a handler that was none a 1011 for every message, and what was no endpoint was
 * passed over without a word.
 */

const loopback = { port: 0, host: '127.0.0.1' }
const odd = (value: unknown): never => value as never

function thrownBy(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}

test.each([
  ['port', '8080', 'LISTEN', /cannot be a string/],
  ['port', Symbol('port'), 'LISTEN', /cannot be a symbol/],
  ['host', 5, 'OPTION', /host must be a string, not 5/],
  ['path', 5, 'OPTION', /path must be a path, not 5/],
  ['path', 'a\0b', 'OPTION', /path must be a path/],
  ['tls', true, 'OPTION', /tls must be an object, not true/],
  ['tls', {}, 'TLS', /no certificate/],
  ['tls', { cert: 'no PEM', key: 'no PEM' }, 'TLS', /Node cannot use/],
  ['handshakeTimeout', '500', 'OPTION', /handshakeTimeout must be a number/],
  ['handshakeTimeout', 0, 'LIMIT', /handshakeTimeout/],
  ['limits', 5, 'OPTION', /limits must be an object/],
  ['limits', { connections: Symbol('many') }, 'LIMIT', /connections must be a number above zero, not a symbol/],
  ['proxies', '10.0.0.1', 'OPTION', /proxies must be an array of strings/],
  ['proxies', [5], 'OPTION', /proxies must be an array of strings/],
  ['ownOrigin', ['https://a.example'], 'OPTION', /ownOrigin must be a string/],
  ['origins', 'https://a.example', 'OPTION', /origins must be an array of strings, or 'any'/],
  ['requireOrigin', 'yes', 'OPTION', /requireOrigin must be true or false/],
  ['relaxed', 'H-REQ-13', 'OPTION', /relaxed must be an array/],
  ['onRefused', {}, 'OPTION', /onRefused must be a function/],
  ['onError', null, 'OPTION', /onError must be a function, not null/],
])('listen, %s: %o is told at once', async (name, value, code, words) => {
  const rejected = listen(odd({ ...loopback, [name]: value }), endpoint('/', {}))
  await expect(rejected).rejects.toMatchObject({ name: 'ServerInputError', code })
  await expect(rejected).rejects.toThrow(words)
})

test.each([[undefined], [null], ['8080']])('listen(%o) is told at once', async (where) => {
  await expect(listen(odd(where))).rejects.toBeInstanceOf(ServerInputError)
})

test('what is no endpoint is told at once, wherever it stands', async () => {
  const plain = { path: '/', message() {} }
  const expected = { code: 'OPTION', message: expect.stringContaining("endpoint('/path'") as string }
  await expect(listen(loopback, odd(plain))).rejects.toMatchObject(expected)
  expect(thrownBy(() => attach(http.createServer(), {}, odd(plain)))).toMatchObject(expected)
  expect(thrownBy(() => upgradeHandler(endpoint('/', {}), odd(undefined)))).toMatchObject(expected)
})

test.each([[undefined], [{}], [8080]])('attach to %o, which is no server, is told at once', (server) => {
  expect(thrownBy(() => attach(odd(server), endpoint('/', {})))).toMatchObject({ code: 'OPTION' })
})

test('attach: pass has to be true or false', () => {
  expect(thrownBy(() => attach(http.createServer(), odd({ pass: 'yes' }), endpoint('/', {})))).toMatchObject({
    code: 'OPTION',
  })
})

test.each([
  ['message', 'echo', 'OPTION', /message must be a function/],
  ['authorize', true, 'OPTION', /authorize must be a function/],
  ['subprotocols', 'chat', 'OPTION', /subprotocols must be an array of strings, or a function/],
  ['bearer', 'authorization', 'OPTION', /bearer must be an object/],
  ['bearer', { from: [null] }, 'OPTION', /bearer must be an object/],
  ['bearer', { from: [{ query: 5 }] }, 'OPTION', /bearer must be an object/],
  ['query', 'page', 'OPTION', /query must be an object of kinds/],
  ['query', { '~standard': 5 }, 'PARAMETER', /~standard/],
  ['streamFrom', '5', 'OPTION', /streamFrom must be a number/],
  ['outgoing', 5, 'OPTION', /outgoing must be an object/],
  ['outgoing', { policy: 5n }, 'LIMIT', /outgoing\.policy must be .*, not a bigint/],
])('endpoint, %s: %o is told at once', (name, value, code, words) => {
  const error = thrownBy(() => endpoint('/', odd({ [name]: value })))
  expect(error).toMatchObject({ name: 'ServerInputError', code })
  expect((error as Error).message).toMatch(words)
})

test.each([[5], [undefined], [/^x/]])('endpoint(%o, …) is told at once', (path) => {
  expect(thrownBy(() => endpoint(odd(path), {}))).toMatchObject({ code: 'PATH_PATTERN' })
})

test('drain: a reason that is no text', async () => {
  const server = await listen(loopback)
  expect(thrownBy(() => server.drain(odd({ reason: 5 })))).toMatchObject({ code: 'DRAIN' })
  await server.close()
})

const garbage = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true })

const serverNames = [
  'tls',
  'handshakeTimeout',
  'limits',
  'proxies',
  'ownOrigin',
  'origins',
  'requireOrigin',
  'relaxed',
  'onRefused',
  'onError',
] as const satisfies readonly (keyof ListenOptions)[]

test('whatever an option of listen is, it listens or says what is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...serverNames), garbage, async (name, value) => {
      const outcome: unknown = await listen(odd({ ...loopback, [name]: value }), endpoint('/', {})).catch(
        (error: unknown) => error,
      )
      if (outcome instanceof ServerInputError || outcome instanceof ListenError) return
      await (outcome as Server).close()
    }),
    { numRuns: 200 },
  )
})

const endpointNames = [
  'params',
  'query',
  'headers',
  'cookies',
  'bearer',
  'subprotocols',
  'authorize',
  'message',
] as const

test('whatever an endpoint is declared with, it is one or says what is wrong', () => {
  fc.assert(
    fc.property(fc.constantFrom(...endpointNames, 'outgoing', 'streamFrom', 'close'), garbage, (name, value) => {
      const made = thrownBy(() => endpoint('/', odd({ [name]: value })))
      expect(made instanceof Endpoint || made instanceof ServerInputError).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})
