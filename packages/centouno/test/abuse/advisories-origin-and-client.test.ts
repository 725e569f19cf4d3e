import { once } from 'node:events'
import net from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { connect } from '../../src/client/connect.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen } from '../../src/server/listen.ts'
import { framesOf } from '../protocol/wire.ts'
import type { Fate } from '../support/abuse-client.ts'
import { AbuseServer } from '../support/abuse-server-process.ts'
import { selfSigned } from '../support/certificates.ts'
import { type ChildProgram, startProgram, stopPrograms } from '../support/child-program.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'
import {
  closeScriptedServers,
  head,
  scriptedServer,
  scriptedTlsServer,
  switchLines,
} from '../support/scripted-server.ts'

/*
 * Not here: python websockets CVE-2021-33880 (the engine compares no passwords), uWebSockets CVE-2020-36406 (topics come
 * with their own tests), socket.io #5419 and #5423 (a protocol above).
 */

let client: ChildProgram

beforeAll(async () => {
  client = await startProgram('abuse-client')
})
afterEach(async () => {
  resetRawPeers()
  await closeScriptedServers()
  client.mustBeUnharmed()
})
afterAll(stopPrograms)

function fateOf(url: string, options: object = {}): Promise<Fate> {
  return client.ask<Fate>({ ask: 'connect', url, options })
}

describe('a cross-site request, as a browser would send it with its cookies', () => {
  let server: AbuseServer
  beforeAll(async () => {
    server = await AbuseServer.start()
  })

  async function statusWith(origin: string): Promise<number> {
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/', `Origin: ${origin}`, 'Cookie: session=secret'))
    return peer.status()
  }

  test.for([
    ['Storybook CVE-2026-27148, Kemal 2026: another site', 'https://evil.example'],
    ['Next.js CVE-2026-27977: null, as a sandboxed frame sends', 'null'],
    ['another scheme', 'https://server.example'],
    ['another port', 'http://server.example:8080'],
    ['a subdomain', 'http://a.server.example'],
    ['a name that begins alike', 'http://server.example.evil.example'],
    ['a name that ends alike', 'http://evilserver.example'],
    ['own name as user information', 'http://server.example@evil.example'],
    ['own name behind a path', 'http://evil.example/http://server.example'],
    ['two origins', 'http://server.example, http://evil.example'],
    ['webpack-dev-server CVE-2026-14631: no URL at all', 'http://['],
    ['nothing', ''],
    ['bytes beyond ASCII', 'http://s\xe9rver.example'],
  ])('CSWSH, %s: is refused', async ([, origin = '']) => {
    expect(await statusWith(origin)).toBe(403)
    expect((await server.counts()).refusals['H-SRV-06']).toBeGreaterThan(0)
    server.program.mustBeUnharmed()
  })

  test('CSWSH: the own origin is let in', async () => {
    expect(await statusWith('http://server.example')).toBe(101)
    expect(await statusWith('http://server.example:80')).toBe(101)
  })

  test('CSWSH: a second Origin line does not help', async () => {
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/', 'Origin: http://server.example', 'Origin: http://evil.example'))
    expect(await peer.status()).toBeGreaterThanOrEqual(400)
  })
})

/** The masking keys of a client's frames, as a server sees them. */
async function keysOf(count: number): Promise<readonly string[]> {
  const chunks: Buffer[] = []
  const raw = await scriptedServer((socket, request) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.write(head(switchLines(request)))
  })
  const socket = await connect(raw.url)
  for (let sent = 0; sent < count; sent += 1) void socket.send('GET /attack HTTP/1.1')
  socket.terminate()
  await raw.gone
  return framesOf(Buffer.concat(chunks)).map(({ key }) => key)
}

describe('masking, whose keys nobody may foresee', () => {
  const messages = 2_000

  test('Huang et al. 2011, curl CVE-2025-10148: every frame has a key of its own', async () => {
    const keys = [...(await keysOf(messages)), ...(await keysOf(messages))]
    expect(keys.length).toBeGreaterThan(messages)
    // Of 4,000 keys of 32 bits two are alike once in 500 runs; three pairs would be no chance.
    expect(keys.length - new Set(keys).size).toBeLessThan(3)
  })

  test('gorilla GHSA-w67g-5rqw-f597: the keys do not come from Math.random', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0)
    try {
      const keys = await keysOf(100)
      expect(new Set(keys).size).toBeGreaterThan(90)
    } finally {
      random.mockRestore()
    }
  })
})

describe('a client that is lied to', () => {
  test('faye-websocket CVE-2020-15133: a certificate that proves nothing is refused before the request', async () => {
    const raw = await scriptedTlsServer(await selfSigned('localhost'), (socket, request) =>
      socket.write(head(switchLines(request))),
    )
    expect((await fateOf(raw.url)).refused).toMatch(/^SECURE_/)
    await raw.gone
    expect(raw.received()).not.toContain('GET')
  })

  test('ws 6946f5fe, d68ba9e1, bc8bd34e: credentials do not follow a redirect', async () => {
    const elsewhere = await scriptedServer(() => {})
    const raw = await scriptedServer((socket) =>
      socket.end(`HTTP/1.1 302 Found\r\nLocation: ${elsewhere.url}\r\nContent-Length: 0\r\n\r\n`),
    )
    const { refused: code } = await fateOf(raw.url, { headers: { Authorization: 'Bearer secret', Cookie: 'a=b' } })
    expect(code).toMatch(/REDIRECT/)
    expect(elsewhere.received()).toBe('')
  })

  test.for([
    ['undici CVE-2026-2229: a window of 1 bit', 'permessage-deflate; server_max_window_bits=1'],
    ['undici CVE-2026-2229: a window of 10^20 bits', `permessage-deflate; server_max_window_bits=1${'0'.repeat(20)}`],
    ['undici CVE-2026-22036: an extension 300 times', Array.from({ length: 300 }, () => 'permessage-deflate').join()],
  ])('%s that was not asked for', async ([, extensions]) => {
    const raw = await scriptedServer((socket, request) =>
      socket.end(head([...switchLines(request), `Sec-WebSocket-Extensions: ${extensions}`])),
    )
    expect((await fateOf(raw.url)).refused).toMatch(/^UPGRADE_/)
  })

  test('ws GHSA-5v72-xg48-5rpm: names of Object.prototype in the reply', async () => {
    for (const name of ['constructor', '__proto__', 'hasOwnProperty']) {
      const raw = await scriptedServer((socket, request) =>
        socket.end(head([...switchLines(request), `Sec-WebSocket-Extensions: ${name}`, `${name}: 1`])),
      )
      expect((await fateOf(raw.url)).refused).toMatch(/^UPGRADE_/)
    }
  })

  test('engine.io CVE-2022-41940: a reset at every stage is told by name', async () => {
    const during: readonly ((socket: net.Socket, request: string) => void)[] = [
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.write('HTTP/1.1 101 Switching', () => socket.resetAndDestroy()),
      (socket, request) => socket.write(head(switchLines(request)), () => socket.resetAndDestroy()),
      (socket, request) =>
        socket.write(`${head(switchLines(request))}\x81\x05he`, 'latin1', () => socket.resetAndDestroy()),
    ]
    for (const script of during) {
      const raw = await scriptedServer(script)
      const { refused: code, end } = await fateOf(raw.url)
      expect(code ?? end).toMatch(/^(?:UPGRADE_\w+|END_PEER_RESET|END_PEER_FIN)$/)
    }
  })

  test('engine.io CVE-2022-41940: a reset before the request is told by name', async () => {
    const server = net.createServer((socket) => socket.resetAndDestroy())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as net.AddressInfo
    expect((await fateOf(`ws://127.0.0.1:${port}/`)).refused).toMatch(/^(?:UPGRADE|CONNECT)_/)
    server.close()
  })

  test('undici CVE-2026-1527: a line break in what the caller gives never reaches the wire', async () => {
    const raw = await scriptedServer((socket, request) => socket.end(head(switchLines(request))))
    for (const options of [
      { headers: { 'X-A': 'a\r\nX-Injected: b' } },
      { headers: { 'X-A\r\nX-Injected': 'b' } },
      { subprotocols: ['chat\r\nX-Injected: b'] },
      { origin: 'http://a\r\nX-Injected: b' },
    ]) {
      expect((await fateOf(raw.url, options)).refused).toBeDefined()
    }
    expect(raw.received()).toBe('')
    // The URL's own parser drops line breaks.
    await fateOf(`${raw.url}\r\nX-Injected: b`)
    expect(raw.received()).not.toContain('\nX-Injected')
  })
})

describe('what the caller hands over', () => {
  const sizes = { port: 0, host: '127.0.0.1' }

  test('ws CVE-2016-10518, GHSA-2mhh-w6q8-5hxw, CVE-2026-45736: no number and no view sends memory of ours', async () => {
    const thrown: unknown[] = []
    const server = await listen(
      sizes,
      endpoint('/', {
        open(socket) {
          // The views cover a part of their buffers: the rest must not be sent, and nothing besides.
          const bytes = Uint8Array.from({ length: 64 }, (_, index) => index)
          void socket.ping(new Uint16Array(bytes.buffer, 2, 2))
          socket.pong(new DataView(bytes.buffer, 8, 3))
          void socket.send(new Float32Array(bytes.buffer, 4, 1))
          for (const misuse of [
            () => socket.ping(100 as never),
            () => socket.pong(100 as never),
            () => socket.send(100 as never),
            () => socket.send([1, 2, 3] as never),
            () => socket.send({ length: 100 } as never),
            () => socket.close(1000, 100 as never),
            () => socket.close(1000, new Uint16Array(8) as never),
          ]) {
            try {
              void misuse()
              thrown.push(undefined)
            } catch (error) {
              thrown.push(error)
            }
          }
        },
      }),
    )
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/'))
    const frames = await peer.frames(3)
    expect(frames.map(({ payload }) => Array.from(payload))).toEqual([
      [2, 3, 4, 5],
      [8, 9, 10],
      [4, 5, 6, 7],
    ])
    expect(thrown).toEqual(Array.from({ length: 7 }, () => expect.objectContaining({ code: expect.any(String) })))
    peer.reset()
    await server.close()
  })
})
