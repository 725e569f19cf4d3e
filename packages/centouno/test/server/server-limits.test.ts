import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { ConnectError } from '../../src/client/connect-error.ts'
import { connect } from '../../src/client/connect.ts'
import { attach } from '../../src/server/attach.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { defaultServerLimits, readLimits } from '../../src/server/server-limits.ts'
import type { RefusedRequest } from '../../src/server/service-options.ts'
import { openingRequest, RawPeer } from '../support/raw-peer.ts'
import { loopbackCertificate } from '../support/certificates.ts'
import { ask, serve, stopServing } from '../support/serving.ts'

afterEach(stopServing)

const echo = endpoint('/', { message: (socket, data) => socket.send(data) })

function ignore(): void {}

/** The handlers of these wait until they are let go. */
function slowEndpoint(): { readonly slow: typeof echo; readonly letGo: () => void } {
  let letGo = ignore
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  return { slow: endpoint('/', { authorize: () => gate, message: () => {} }), letGo }
}

function expectRefusal(text: string, status: number, code: string, limit: string): void {
  expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(text).toMatch(/\r\nRetry-After: (?:10|[1-9])\r\n/)
  expect(text).toMatch(/\r\nConnection: close\r\n/)
  expect(text).toContain(`\ncode: ${code}\n`)
  expect(text).toContain(limit)
}

describe('RFC 6455 §10.4: each limit on connections names itself, on both sides', () => {
  test('connections: n are served, the next gets 503 before it has sent a byte', async () => {
    const told: RefusedRequest[] = []
    const server = await serve(echo, { limits: { connections: 2 }, onRefused: (refused) => told.push(refused) })
    const open = [await ask(server, '/'), await ask(server, '/')]
    for (const peer of open) expect(await peer.status()).toBe(101)
    const silent = await RawPeer.connect(server.port)
    expectRefusal(await silent.all(), 503, 'SERVER_FULL', '(limit connections: 2)')
    expect(told).toMatchObject([{ refusal: { code: 'SERVER_FULL' }, answered: true, verdicts: [] }])
    const error = await connect(`${server.url}/`).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConnectError)
    expect(error).toMatchObject({ details: { refusal: 'SERVER_FULL' } })
    open[0]?.reset()
    await open[0]?.closed
    while (server.sockets.size > 1) await new Promise((resolve) => setImmediate(resolve))
    expect(await (await ask(server, '/')).status()).toBe(101)
  })

  test('connectionsPerAddress: n are served, the next gets 429; a proxy is not counted', async () => {
    const limits = { connectionsPerAddress: 1 }
    const server = await serve(echo, { limits, proxies: ['127.0.0.2'] })
    expect(await (await ask(server, '/')).status()).toBe(101)
    const next = await ask(server, '/')
    expectRefusal(await next.all(), 429, 'SERVER_FULL_FOR_ADDRESS', '(limit connectionsPerAddress: 1)')
    const proxied = await serve(echo, { limits })
    for (let count = 0; count < 3; count += 1) expect(await (await ask(proxied, '/')).status()).toBe(101)
  })

  test('handshakesPerAddress: half-open ones count, open ones do not', async () => {
    const server = await serve(echo, { limits: { handshakesPerAddress: 2 }, proxies: [] })
    for (let count = 0; count < 3; count += 1) expect(await (await ask(server, '/')).status()).toBe(101)
    const halves = [await RawPeer.connect(server.port), await RawPeer.connect(server.port)]
    for (const half of halves) await half.send('GET / HT')
    const next = await ask(server, '/')
    expectRefusal(await next.all(), 429, 'SERVER_FULL_FOR_ADDRESS', '(limit handshakesPerAddress: 2)')
  })

  test('handshakes: the oldest that keeps us waiting gets 503, and the newcomer is served', async () => {
    const server = await serve(echo, { limits: { handshakes: 2 } })
    const oldest = await RawPeer.connect(server.port)
    await oldest.send('GET / HT')
    const second = await RawPeer.connect(server.port)
    const newcomer = await ask(server, '/')
    expect(await newcomer.status()).toBe(101)
    expectRefusal(await oldest.all(), 503, 'SERVER_HANDSHAKES_FULL', '(limit handshakes: 2)')
    expect(second.ended).toBe(false)
  })

  test('handshakes: while all wait for authorize, the newcomer gets 503', async () => {
    const { slow, letGo } = slowEndpoint()
    const server = await serve(slow, { limits: { handshakes: 1 } })
    const waiting = await ask(server, '/')
    while (server.stats().handshakes === 0) await new Promise((resolve) => setImmediate(resolve))
    // Read, and being decided on: what it sends behind its request has been taken.
    await new Promise((resolve) => setTimeout(resolve, 20))
    const newcomer = await ask(server, '/')
    expectRefusal(await newcomer.all(), 503, 'SERVER_HANDSHAKES_FULL', '(limit handshakes: 1)')
    letGo()
    expect(await waiting.status()).toBe(101)
  })

  test('lingering: n refused clients may stay for a while, the next is cut off unanswered', async () => {
    const told: RefusedRequest[] = []
    const limits = { lingering: 1, lingerTimeout: 5_000 }
    const server = await serve(echo, { limits, onRefused: (refused) => told.push(refused) })
    const stays = await RawPeer.connect(server.port, false)
    await stays.send('nonsense\r\n\r\n')
    expect(await stays.all()).toMatch(/^HTTP\/1\.1 4/)
    const cut = await RawPeer.connect(server.port)
    await cut.send('nonsense\r\n\r\n')
    expect(await cut.all()).toBe('')
    expect(told.map(({ answered }) => answered)).toEqual([true, false])
    expect(server.stats()).toMatchObject({ cut: 1, lingering: 1 })
  })
})

describe('over TLS', async () => {
  const certificate = await loopbackCertificate()

  test('one too many is told through TLS', async () => {
    const server = await serve(echo, { limits: { connections: 1 }, tls: certificate })
    const first = await RawPeer.connectSecure(server.port, { ca: certificate.cert })
    const next = await RawPeer.connectSecure(server.port, { ca: certificate.cert })
    expectRefusal(await next.all(), 503, 'SERVER_FULL', '(limit connections: 1)')
    first.finish()
    await first.closed
    while (server.stats().handshakes > 0) await new Promise((resolve) => setImmediate(resolve))
    expect((await RawPeer.connectSecure(server.port, { ca: certificate.cert })).ended).toBe(false)
  })

  test('when too many are being told, the next does not get as far as TLS', async () => {
    const server = await serve(echo, { limits: { connections: 1, lingering: 1 }, tls: certificate })
    await RawPeer.connectSecure(server.port, { ca: certificate.cert })
    // Kept out, and never begins its TLS handshake.
    await RawPeer.connect(server.port)
    while (server.stats().lingering === 0) await new Promise((resolve) => setImmediate(resolve))
    const cut = await RawPeer.connect(server.port)
    expect(await cut.all()).toBe('')
    expect(server.stats().cut).toBe(1)
  })
})

test('on an HTTP server, handshakes that wait for authorize and open sockets count', async () => {
  const { slow, letGo } = slowEndpoint()
  const httpServer = http.createServer((_, response) => response.end('page'))
  httpServer.listen(0, '127.0.0.1')
  await once(httpServer, 'listening')
  const { port } = httpServer.address() as AddressInfo
  const attachment = attach(httpServer, { limits: { connections: 1 } }, slow)
  const waiting = await ask({ port }, '/')
  while (attachment.stats().handshakes === 0) await new Promise((resolve) => setImmediate(resolve))
  const next = await ask({ port }, '/')
  expectRefusal(await next.all(), 503, 'SERVER_FULL', '(limit connections: 1)')
  // Pages are none of its business.
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('page')
  letGo()
  expect(await waiting.status()).toBe(101)
  expect(attachment.stats()).toMatchObject({ sockets: 1, handshakes: 0, accepted: 1, refused: { SERVER_FULL: 1 } })
  waiting.reset()
  await attachment.close()
  httpServer.close()
})

// A timer of Node that is asked to wait longer than it can strikes at once: "for ever" would have become "never".
describe('times without an end', () => {
  test('a request, a decision and a refused client have all the time there is, and close() still ends', async () => {
    const { slow, letGo } = slowEndpoint()
    const endless = Number.POSITIVE_INFINITY
    const limits = { authorizeTimeout: endless, lingerTimeout: endless, closeTimeout: endless }
    const server = await serve(slow, { handshakeTimeout: endless, limits })
    const late = await RawPeer.connect(server.port, false)
    const refused = await ask(server, '/nowhere')
    expect(await refused.status()).toBe(404)
    const decided = connect(`${server.url}/`)
    while (server.stats().handshakes < 2) await new Promise((resolve) => setImmediate(resolve))
    // Node makes one millisecond of a time that is too long.
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(server.stats()).toMatchObject({ handshakes: 2, refused: { SERVER_NO_ENDPOINT: 1 } })
    letGo()
    const client = await decided
    await late.send(openingRequest('/'))
    expect(await late.status()).toBe(101)
    late.reset()
    await server.close()
    expect(await client.closed).toMatchObject({ code: 1001, clean: true })
  })
})

describe('reading limits', () => {
  test('what is not given, or given as undefined, has its default', () => {
    expect(readLimits()).toEqual(defaultServerLimits)
    expect(readLimits({ handshakes: 7 })).toEqual({ ...defaultServerLimits, handshakes: 7 })
  })

  test.each([{ connections: 0 }, { handshakes: Number.NaN }, { lingering: -1 }])('LIMIT: %o', (limits) => {
    expect(() => readLimits(limits)).toThrow(expect.objectContaining({ code: 'LIMIT' }))
  })

  test('LIMIT: a name that is none', () => {
    const limits: object = { maxPayload: 1 }
    expect(() => readLimits(limits)).toThrow(expect.objectContaining({ code: 'LIMIT' }))
  })
})
