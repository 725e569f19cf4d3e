import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { attach } from '../../src/server/attach.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { clientFrame, hex, join } from '../protocol/wire.ts'
import { AbuseServer, type Counts } from '../support/abuse-server-process.ts'
import { stopPrograms } from '../support/child-program.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'

/*
 * Requests that have ended or stalled other servers. Each is thrown at the naive echo server, which has no handler for
 * errors; then that server must be unharmed, and have written nothing to standard error.
 */

let server: AbuseServer

beforeAll(async () => {
  server = await AbuseServer.start()
})
afterEach(async () => {
  resetRawPeers()
  await expectServed(server.port)
  server.program.mustBeUnharmed()
})
afterAll(stopPrograms)

async function expectServed(port: number): Promise<void> {
  const witness = await RawPeer.connect(port)
  await witness.send(openingRequest('/'), clientFrame(1, 'still here'))
  expect(await witness.texts(1)).toEqual(['still here'])
  witness.reset()
}

async function answerTo(request: string | Uint8Array, port: number = server.port): Promise<RawPeer> {
  const peer = await RawPeer.connect(port)
  await peer.send(request)
  return peer
}

/** It is a WebSocket, and echoes. */
async function expectEcho(peer: RawPeer): Promise<void> {
  expect(await peer.status()).toBe(101)
  await peer.send(clientFrame(1, 'echo'))
  expect(await peer.texts(1)).toEqual(['echo'])
}

/** Milliseconds of the server's CPU within which any request has to be answered, however it was made. */
const prompt = 500

/** Milliseconds another client may wait for its echo; far more than is measured: the machine may be slow. */
const longestWait = 4_000

async function expectRefusal(request: string | Uint8Array, status: number, rule = 'H-'): Promise<void> {
  const began = await server.busy()
  const text = await (await answerTo(request)).all()
  expect((await server.busy()) - began).toBeLessThan(prompt)
  expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(text).toContain(`code: ${rule}`)
}

/** Names that every object has, as names of this and that. */
const inherited = ['constructor', '__proto__', 'hasOwnProperty', 'toString', 'valueOf']

describe('names of Object.prototype', () => {
  test.each(inherited)('ws GHSA-5v72-xg48-5rpm: Sec-WebSocket-Extensions: %s is declined', async (name) => {
    const peer = await answerTo(openingRequest('/', `Sec-WebSocket-Extensions: ${name}; ${name}=1`))
    await expectEcho(peer)
    expect(await peer.head()).not.toMatch(/extensions/i)
  })

  test.each(inherited)('websocket 1.0.35: Sec-WebSocket-Protocol: %s is not agreed', async (name) => {
    const peer = await answerTo(openingRequest('/', `Sec-WebSocket-Protocol: ${name}`))
    await expectEcho(peer)
    expect(await peer.head()).not.toMatch(/protocol:/i)
  })

  test.each(inherited)('Node CVE-2026-21710: a field named %s', async (name) => {
    await expectEcho(await answerTo(openingRequest('/', `${name}: 1`, `${name}: 2`)))
  })

  test('Node CVE-2026-21710: the same on an HTTP server of Node', async () => {
    const httpServer = http.createServer()
    attach(httpServer, endpoint('/', { message: (socket, data) => socket.send(data) }))
    httpServer.listen(0, '127.0.0.1')
    await once(httpServer, 'listening')
    const { port } = httpServer.address() as AddressInfo
    const fields = inherited.map((name) => `${name}: 1`)
    await expectEcho(await answerTo(openingRequest('/', ...fields), port))
    httpServer.close()
  })
})

describe('grammar that made others backtrack', () => {
  const much = 15_000

  test('ws CVE-2021-32640: Sec-WebSocket-Protocol with a long run of blanks', async () => {
    await expectRefusal(openingRequest('/', `Sec-WebSocket-Protocol: b${' '.repeat(much)}x`), 400)
  })

  test.each([
    ['a quoted string that is not closed', `a; b="${'\\c'.repeat(much / 2)}`],
    ['escapes without end', `a; b="${'\\'.repeat(much)}`],
    ['quotes and blanks', `a; b="${'" '.repeat(much / 2)}`],
    ['parameters without end', `a${'; b'.repeat(much / 3)}; "`],
    ['commas', `${','.repeat(much)}"`],
  ])('websocket-extensions CVE-2020-7662, CVE-2020-7663: %s', async (_, value) => {
    await expectRefusal(openingRequest('/', `Sec-WebSocket-Extensions: ${value}`), 400)
  })

  test('tungstenite CVE-2023-43669: a long head that comes byte by byte costs no more than its bytes', async () => {
    const head = Buffer.from(openingRequest('/', `X-Long: ${'a'.repeat(much)}`), 'latin1')
    const peer = await RawPeer.connect(server.port)
    const { testimony } = await server.witnessed(() => peer.drip(head))
    await expectEcho(peer)
    // Looked at from its beginning with each byte, it would be 100 million steps; others would wait for none of them long.
    expect(testimony.longest).toBeLessThan(longestWait)
  })
})

describe('heads that lost what others relied on', () => {
  test('ws CVE-2024-37890: more fields than are taken, the Upgrade behind them', async () => {
    const fields = Array.from({ length: 2_000 }, (_, count) => `A${count}: 1`)
    const request = openingRequest('/').replace(
      'Upgrade: websocket\r\n',
      `${fields.join('\r\n')}\r\nUpgrade: websocket\r\n`,
    )
    await expectRefusal(request, 431, 'H-H1-11')
    await expectRefusal(openingRequest('/').replace('Upgrade: websocket\r\n', ''), 426)
  })

  test.each(['', '[', 'http://[', 'a b', 'http://:0', 'http://a:99999999', '%', 'javascript:1', '\x7f', 'null', '//'])(
    'webpack-dev-server CVE-2026-14631: Origin: %j is refused, and nothing is thrown',
    async (origin) => {
      const text = await (await answerTo(openingRequest('/', `Origin: ${origin}`))).all()
      expect(text).toMatch(/^HTTP\/1\.1 40[03] /)
    },
  )

  test.each(['[', 'a:b:c', ':', 'a:99999', 'a/b', '@', '%', 'a b', '[::1', '::1'])(
    'webpack-dev-server CVE-2026-14631: Host: %j is refused, and nothing is thrown',
    async (host) => {
      await expectRefusal(openingRequest('/').replace('Host: server.example', `Host: ${host}`), 400)
    },
  )

  test.each([
    ['Granian 2026: a byte beyond ASCII', 'caf\xe9'],
    ['Granian 2026: UTF-8', 'caf\xc3\xa9'],
    ['websocket 1.0.35: a blank in the name', 'a b'],
    ['websocket 1.0.35: a slash', 'a/b'],
    ['a control byte', 'a\x01'],
  ])('%s in Sec-WebSocket-Protocol', async (_, value) => {
    await expectRefusal(openingRequest('/', `Sec-WebSocket-Protocol: ${value}`), 400)
  })

  test('engine.io CVE-2026-59725: a POST with a binary body that is nothing', async () => {
    const head = 'POST /?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\n'
    const body = hex('ff 00 ff 04 00 00 00')
    await expectRefusal(join(Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body), 405)
  })
})

/** A reset that comes together with bytes may pass for the end that it also is. */
function told({ ends }: Counts): number {
  return (ends['END_PEER_RESET'] ?? 0) + (ends['END_PEER_FIN'] ?? 0)
}

describe('clients that go at a bad moment', () => {
  const request = openingRequest('/')

  test.each([
    ['before a byte', ''],
    ['in the request line', request.slice(0, 9)],
    ['in the fields', request.slice(0, 60)],
    ['before the last byte of the head', request.slice(0, -1)],
    ['right after the request', request],
  ])('qemu CVE-2025-11234, websocket 1.0.35: RST %s', async (_, bytes) => {
    for (let count = 0; count < 50; count += 1) {
      const peer = await RawPeer.connect(server.port)
      if (bytes !== '') await peer.send(bytes)
      peer.reset()
      await peer.closed
    }
    expect(() => server.program.mustBeUnharmed()).not.toThrow()
  })

  test.each([
    ['in the request line', request.slice(0, 9), /^HTTP\/1\.1 400 /],
    ['in the fields', request.slice(0, 60), /^HTTP\/1\.1 400 /],
    ['right after the request', request, /^HTTP\/1\.1 101 /],
  ])('qemu CVE-2025-11234: FIN %s', async (_, bytes, answer) => {
    const peer = await RawPeer.connect(server.port)
    await peer.send(bytes)
    peer.finish()
    expect(await peer.all()).toMatch(answer)
  })

  test('engine.io CVE-2022-41940: RST right after the 101, and while an echo is on its way', async () => {
    const before = told(await server.counts())
    for (let count = 0; count < 50; count += 1) {
      const peer = await answerTo(request)
      await peer.head()
      if (count % 2 === 1) await peer.send(clientFrame(2, new Uint8Array(100_000)))
      peer.reset()
      await peer.closed
    }
    expect(told(await server.countsOnce((counts) => told(counts) === before + 50))).toBe(before + 50)
  })

  test.each([
    ['a reserved bit', hex('c1 80 00000000')],
    ['a reserved opcode', hex('83 80 00000000')],
    ['no mask', hex('81 00')],
    ['a length with the top bit', hex('82 ff 8000000000000000 00000000')],
    ['text that is no UTF-8', clientFrame(1, hex('ff'))],
  ])('engine.io CVE-2022-21676, ws #1417: a bad frame without anybody who listens for errors: %s', async (_, bytes) => {
    const peer = await answerTo(request)
    await peer.send(bytes)
    const [close] = await peer.frames(1)
    expect(close?.opcode).toBe(8)
  })
})
