import { once } from 'node:events'
import net from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen, type ListenOptions, type Server } from '../../src/server/listen.ts'
import { defaultHandshakeTimeout } from '../../src/server/server-limits.ts'
import type { RefusedRequest } from '../../src/server/service-options.ts'
import { clientFrame, hex, join, toHex } from '../protocol/wire.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'
import { loopbackCertificate } from '../support/certificates.ts'
import { refused as failedAttempt } from '../support/refused.ts'

const servers: Server[] = []
afterEach(async () => {
  resetRawPeers()
  for (const server of servers.splice(0)) await server.close()
})

const echo = endpoint('/echo', { message: (socket, data) => socket.send(data) })

async function serve(options: Partial<ListenOptions> = {}): Promise<Server> {
  const server = await listen({ port: 0, host: '127.0.0.1', ...options }, echo)
  servers.push(server)
  return server
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')

test('H-SRV-11 to H-SRV-15: a valid request gets the 101 of RFC 6455 §1.3', async () => {
  const { port, url } = await serve()
  expect(url).toBe(`ws://127.0.0.1:${port}`)
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  expect((await peer.head()).split('\r\n')).toEqual([
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  ])
})

test('messages are echoed, text as text and binary as binary', async () => {
  const { port } = await serve()
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  await peer.send(clientFrame(1, 'grüße'), clientFrame(2, hex('00 ff')))
  const frames = await peer.frames(2)
  expect(frames.map(({ opcode, payload }) => [opcode, toHex(payload)])).toEqual([
    [1, toHex(new TextEncoder().encode('grüße'))],
    [2, '00 ff'],
  ])
})

test('H-SRV-22, H-REQ-18: a frame glued to the request is delivered, wherever the bytes are cut', async () => {
  const { port } = await serve()
  const request = latin1(openingRequest('/echo'))
  const frame = clientFrame(1, 'glued')
  for (let cut = 0; cut <= frame.length; cut += 1) {
    const peer = await RawPeer.connect(port)
    await peer.send(join(request, frame.subarray(0, cut)))
    if (cut < frame.length) {
      await peer.head()
      await peer.send(frame.subarray(cut))
    }
    expect(await peer.texts(1)).toEqual(['glued'])
    peer.reset()
  }
})

test('H-RES-15: a request that drips byte by byte, and frames behind it, are served', async () => {
  const { port } = await serve()
  const peer = await RawPeer.connect(port)
  await peer.drip(
    join(latin1(openingRequest('/echo')), clientFrame(1, 'drop'), clientFrame(9, 'p'), clientFrame(1, 'by drop')),
  )
  const frames = await peer.frames(3)
  // A Pong may pass messages that wait (RFC 6455 §5.5.2 asks for it as soon as is practical); messages keep their order.
  const shown = frames.map(({ opcode, payload }) => [opcode, Buffer.from(payload).toString()])
  expect(shown).toContainEqual([10, 'p'])
  expect(shown.filter(([opcode]) => opcode === 1)).toEqual([
    [1, 'drop'],
    [1, 'by drop'],
  ])
})

test('a Ping in the same segment as the request is answered behind the 101, never before it', async () => {
  const { port } = await serve()
  const peer = await RawPeer.connect(port)
  await peer.send(join(latin1(openingRequest('/echo')), clientFrame(9, 'early')))
  expect(await peer.status()).toBe(101)
  expect(await peer.frames(1)).toMatchObject([{ opcode: 10 }])
})

test('H-SRV-01, H-SRV-21: a refusal names its rule, says close, really closes, and is told to onRefused', async () => {
  const told: RefusedRequest[] = []
  const { port } = await serve({ onRefused: (refused) => told.push(refused) })
  const peer = await RawPeer.connect(port)
  const bad = openingRequest('/echo').replace('Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 12')
  // A second request behind it must not be answered: nothing is read as a request after a refusal.
  await peer.send(join(latin1(bad), latin1(openingRequest('/echo'))))
  const all = await peer.all()
  expect(all).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/)
  expect(all).toContain('\r\nSec-WebSocket-Version: 13\r\n')
  expect(all).toMatch(/\r\nConnection: [^\r]*close\r\n/)
  expect(all).toContain('H-REQ-12')
  expect(all.match(/HTTP\/1\.1/g)).toHaveLength(1)
  peer.finish()
  await peer.closed
  expect(peer.error).toBeUndefined()
  expect(told).toMatchObject([{ refusal: { status: 426, rule: 'H-REQ-12' }, remoteAddress: '127.0.0.1' }])
  expect(told[0]?.head.text).toBe(bad)
  expect(told[0]?.verdicts.some((verdict) => verdict.outcome === 'broken')).toBe(true)
})

test('H-SRV-08: a path that no endpoint serves gets 404', async () => {
  const { port } = await serve()
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/other'))
  const all = await peer.all()
  expect(all).toMatch(/^HTTP\/1\.1 404 /)
  expect(all).toContain('H-SRV-08')
})

test('the refusal is not lost to a reset when the client goes on sending', async () => {
  const { port } = await serve()
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/other'), Buffer.alloc(100_000, 0x61), Buffer.alloc(100_000, 0x62))
  expect(await peer.all()).toMatch(/^HTTP\/1\.1 404 /)
  expect(peer.error).toBeUndefined()
})

test('a refused client that sends without end is cut off at lingerBytes', async () => {
  const { port } = await serve({ limits: { lingerBytes: 1000, lingerTimeout: 10_000 } })
  const peer = await RawPeer.connect(port, false)
  await peer.send(openingRequest('/other'))
  await peer.all()
  expect(await cutOff(peer, Buffer.alloc(1001))).toBe(true)
})

test('a refused client that does not go is cut off after lingerTimeout', async () => {
  const { port } = await serve({ limits: { lingerTimeout: 30 } })
  const peer = await RawPeer.connect(port, false)
  await peer.send(openingRequest('/other'))
  await peer.all()
  expect(await cutOff(peer, Buffer.alloc(1))).toBe(true)
})

/** Whoever has sent FIN and is gone answers bytes with a reset: only by sending does a client learn of it. */
async function cutOff(peer: RawPeer, bytes: Uint8Array): Promise<boolean> {
  const probe = setInterval(() => void peer.send(bytes), 5)
  await peer.closed
  clearInterval(probe)
  return true
}

test.each([
  ['nothing', ''],
  ['half a request line', 'GET /ec'],
  ['half the fields', 'GET /echo HTTP/1.1\r\nHost: a\r\n'],
])('H-SRV-25: %s within handshakeTimeout gets 408', async (_, bytes) => {
  const { port } = await serve({ handshakeTimeout: 40 })
  const peer = await RawPeer.connect(port)
  if (bytes !== '') await peer.send(bytes)
  const all = await peer.all()
  expect(all).toMatch(/^HTTP\/1\.1 408 /)
  expect(all).toContain('H-SRV-25')
})

test('H-SRV-25: the deadline is one for the whole head; dripping does not move it', async () => {
  const { port } = await serve({ handshakeTimeout: 60 })
  const peer = await RawPeer.connect(port)
  const begun = performance.now()
  const drip = setInterval(() => void peer.send('a'), 5)
  expect(await peer.all()).toMatch(/^HTTP\/1\.1 408 /)
  clearInterval(drip)
  expect(performance.now() - begun).toBeGreaterThanOrEqual(50)
})

test('a request that is over in time is not touched by the deadline', async () => {
  const { port } = await serve({ handshakeTimeout: 1_000 })
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await peer.send(clientFrame(1, 'still here'))
  expect(await peer.texts(1)).toEqual(['still here'])
})

describe('with TLS', async () => {
  const certificate = await loopbackCertificate()

  test('wss: the same server behind TLS; its own origin is https', async () => {
    const { port, url } = await serve({ tls: certificate })
    expect(url).toBe(`wss://127.0.0.1:${port}`)
    const peer = await RawPeer.connectSecure(port, { ca: certificate.cert, ALPNProtocols: ['h2', 'http/1.1'] })
    await peer.send(join(latin1(openingRequest('/echo', 'Origin: https://server.example')), clientFrame(1, 'secret')))
    expect(await peer.texts(1)).toEqual(['secret'])
  })

  test('H-SRV-25: the deadline counts from accepting, whether TLS or the request is missing', async () => {
    const { port } = await serve({ tls: certificate, handshakeTimeout: 1_000 })
    const silent = await RawPeer.connect(port)
    const begun = performance.now()
    expect(await silent.all()).toBe('')
    expect(performance.now() - begun).toBeGreaterThanOrEqual(100)
    const secure = await RawPeer.connectSecure(port, { ca: certificate.cert })
    expect(await secure.all()).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('a client that does not speak TLS, or resets in the middle of it, harms nobody', async () => {
    const { port } = await serve({ tls: certificate })
    const plain = await RawPeer.connect(port)
    await plain.send(openingRequest('/echo'))
    await plain.closed
    const reset = await RawPeer.connect(port)
    // The first bytes of a TLS record with a ClientHello.
    await reset.send(hex('16 03 01 02 00 01 00'))
    reset.reset()
    const witness = await RawPeer.connectSecure(port, { ca: certificate.cert })
    await witness.send(openingRequest('/echo'))
    expect(await witness.status()).toBe(101)
  })

  /*
   * OpenSSL hangs up on plain text, and so a server behind TLS did without a word to anybody: whoever had written ws: for
   * wss: saw an empty reply, and the operator saw nothing, neither in the log nor in a counter.
   */
  test('a request in plain text is answered, told and counted', async () => {
    const told: RefusedRequest[] = []
    const server = await serve({ tls: certificate, onRefused: (refused) => told.push(refused) })
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/echo'))
    expect(await peer.all()).toMatch(/^HTTP\/1\.1 400 .*\r\n\r\n400 Bad Request\ncode: SERVER_TLS_EXPECTED\n/s)
    expect(told).toMatchObject([
      { refusal: { code: 'SERVER_TLS_EXPECTED' }, answered: true, remoteAddress: '127.0.0.1' },
    ])
    expect(server.stats()).toMatchObject({ refused: { SERVER_TLS_EXPECTED: 1 } })
    const error = await failedAttempt(`ws://127.0.0.1:${server.port}/echo`)
    expect(error).toMatchObject({ code: 'UPGRADE_TLS_EXPECTED', details: { refusal: 'SERVER_TLS_EXPECTED' } })
  })

  test.each([
    ['garbage', latin1('nonsense\r\n\r\n'), 'SERVER_TLS_FAILED', /wrong version number/],
    ['a record that cannot be', hex('16 03 01 00 05 68656c6c6f'), 'SERVER_TLS_FAILED', /unexpected message|length/],
    ['nothing in time', hex('16 03 01'), 'H-SRV-25', /./],
  ])('%s instead of a TLS handshake is told and counted', async (_, bytes, code, sentence) => {
    const told: RefusedRequest[] = []
    const server = await serve({
      tls: certificate,
      handshakeTimeout: 1_000,
      onRefused: (refused) => told.push(refused),
    })
    const peer = await RawPeer.connect(server.port)
    await peer.send(bytes)
    await peer.closed
    expect(told).toMatchObject([{ refusal: { code }, answered: false, remoteAddress: '127.0.0.1' }])
    expect(told[0]?.refusal.sentence.en).toMatch(sentence)
    while (server.stats().handshakes > 0) await turn()
    expect(server.stats()).toMatchObject({ refused: { [code]: 1 }, lingering: 0 })
  })

  test('close ends TLS handshakes that are under way', async () => {
    const server = await serve({ tls: certificate })
    const peer = await RawPeer.connect(server.port)
    await peer.send(hex('16 03 01 02 00 01 00'))
    while (!(await hasConnections(server))) await turn()
    await server.close()
    expect(await peer.all()).toBe('')
  })
})

/** True once the server has accepted something: a request on another connection has been answered since. */
async function hasConnections({ port }: Server): Promise<boolean> {
  const other = await RawPeer.connect(port)
  other.reset()
  await other.closed
  return true
}

test.each([
  ['startLine', 414, { startLine: 30 }, openingRequest(`/echo?${'a'.repeat(40)}`)],
  ['fieldBytes', 431, { fieldBytes: 300 }, openingRequest('/echo', `Cookie: ${'a'.repeat(300)}`)],
  ['fieldCount', 431, { fieldCount: 5 }, openingRequest('/echo', 'X-One: 1')],
])('H-H1-11: over the limit %s gets %d', async (_, status, limits, request) => {
  const { port } = await serve({ limits })
  const peer = await RawPeer.connect(port)
  await peer.send(request)
  const all = await peer.all()
  expect(all).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(all).toContain('H-H1-11')
})

// A ClientHello holds no line end: the server used to wait for one until the handshake's deadline, and so did the client.
test('a TLS handshake on a plain port is answered at once, so that the client learns that this is no TLS', async () => {
  const { port } = await serve()
  const error = await failedAttempt(`wss://127.0.0.1:${port}/echo`)
  expect(error).toMatchObject({ code: 'SECURE_NOT_TLS', stage: 'secure' })
  expect(error.report.stages.at(-1)?.endMs).toBeLessThan(defaultHandshakeTimeout / 2)
})

test('a client that ends its side in the middle of its request gets 400; one that said nothing gets nothing', async () => {
  const { port } = await serve()
  const half = await RawPeer.connect(port)
  await half.send('GET /echo HT')
  half.finish()
  expect(await half.all()).toMatch(/^HTTP\/1\.1 400 /)
  const silent = await RawPeer.connect(port)
  silent.finish()
  expect(await silent.all()).toBe('')
})

test('resets before, during and right after the handshake harm nobody', async () => {
  const { port, sockets } = await serve()
  const request = latin1(openingRequest('/echo'))
  const cuts = [0, 1, Math.floor(request.length / 2), request.length - 1, request.length]
  for (const cut of cuts) {
    const peer = await RawPeer.connect(port)
    if (cut > 0) await peer.send(request.subarray(0, cut))
    peer.reset()
    await peer.closed
  }
  const refused = await RawPeer.connect(port)
  await refused.send(openingRequest('/other'))
  refused.reset()
  const opened = await RawPeer.connect(port)
  await opened.send(request)
  await opened.head()
  await opened.send(clientFrame(1, 'x').subarray(0, 3))
  opened.reset()

  const witness = await RawPeer.connect(port)
  await witness.send(join(request, clientFrame(1, 'fine')))
  expect(await witness.texts(1)).toEqual(['fine'])
  while (sockets.size > 1) await turn()
  expect(sockets.size).toBe(1)
})

test('a client that sends FIN without Close ends its socket', async () => {
  const { port, sockets } = await serve()
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  const [socket] = sockets
  peer.finish()
  await peer.closed
  expect(await socket?.closed).toMatchObject({ code: 1006, clean: false, cause: 'peer-fin' })
  expect(sockets.size).toBe(0)
})

test('H-CLS-03: the server ends TCP first after the closing handshake', async () => {
  const { port } = await serve()
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  // Close, 1000.
  await peer.send(clientFrame(8, hex('03 e8')))
  const [reply] = await peer.frames(1)
  expect([reply?.opcode, toHex(reply?.payload ?? hex(''))]).toEqual([8, '03 e8'])
  await peer.until(() => peer.ended)
  peer.finish()
  await peer.closed
  expect(peer.error).toBeUndefined()
})

test('close: no more connections, every socket gets 1001, undecided handshakes are told', async () => {
  const server = await serve()
  const open = await RawPeer.connect(server.port)
  await open.send(openingRequest('/echo'))
  await open.head()
  const undecided = await RawPeer.connect(server.port)
  await undecided.send('GET /')
  const closing = server.close()
  // 1001 is 03 e9.
  const [frame] = await open.frames(1)
  expect([frame?.opcode, toHex((frame?.payload ?? hex('')).subarray(0, 2))]).toEqual([8, '03 e9'])
  await open.send(clientFrame(8, hex('03 e9')))
  await open.until(() => open.ended)
  open.finish()
  expect(await undecided.all()).toContain('code: SERVER_DRAINING')
  await closing
  await expect(once(net.connect({ port: server.port, host: '127.0.0.1' }), 'connect')).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
})

test('close is bounded when a client does not answer', async () => {
  const server = await serve({ limits: { closeTimeout: 30 } })
  const peer = await RawPeer.connect(server.port, false)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  await server[Symbol.asyncDispose]()
  expect(server.sockets.size).toBe(0)
})

test.each([-1, 1.5, 65_536, Number.NaN])('LISTEN: %d is no port', async (port) => {
  await expect(listen({ port, host: '127.0.0.1' })).rejects.toMatchObject({ name: 'ServerInputError', code: 'LISTEN' })
})

test('a port that is taken is told with what to do', async () => {
  const { port } = await serve()
  await expect(listen({ port, host: '127.0.0.1' })).rejects.toMatchObject({
    name: 'ListenError',
    code: 'LISTEN_FAILED',
    message: expect.stringContaining('choose another port'),
    cause: { code: 'EADDRINUSE' },
  })
})

test.each([
  ['LIMIT', { limits: { messageBytes: 0 } }],
  ['LIMIT', { limits: { closeTimeout: Number.NaN } }],
  ['LIMIT', { handshakeTimeout: -1 }],
  ['UNKNOWN_RULE', { relaxed: ['H-REQ-99'] }],
])('%s: %o is refused before it listens', async (code, options) => {
  await expect(listen({ port: 0, host: '127.0.0.1', ...options })).rejects.toMatchObject({ code })
})

test('a relaxed rule is not enforced', async () => {
  const { port } = await serve({ relaxed: ['H-REQ-05'] })
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo').replace('Host: server.example\r\n', ''))
  expect(await peer.status()).toBe(101)
})

test.each([
  ['H-SEC-01: a foreign origin', {}, 'http://other.example', 403],
  ['the own origin', {}, 'http://server.example', 101],
  ['a listed origin', { origins: ['https://other.example'] }, 'https://other.example', 101],
  ['any origin, when the check is off', { origins: 'any' as const }, 'null', 101],
])('%s', async (_, options, origin, status) => {
  const { port } = await serve(options)
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo', `Origin: ${origin}`))
  expect(await peer.status()).toBe(status)
})

test('requireOrigin refuses a request without Origin', async () => {
  const { port } = await serve({ requireOrigin: true })
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  expect(await peer.status()).toBeGreaterThanOrEqual(400)
})

test('over messageBytes a message is answered with 1009; at it, it is served', async () => {
  const { port } = await serve({ limits: { messageBytes: 5 } })
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  await peer.send(clientFrame(1, '12345'), clientFrame(1, '123456'))
  const [reply, close] = await peer.frames(2)
  expect(Buffer.from(reply?.payload ?? []).toString()).toBe('12345')
  expect(toHex((close?.payload ?? hex('')).subarray(0, 2))).toBe('03 f1')
})
