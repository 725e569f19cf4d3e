import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { attach } from '../../src/server/attach.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { clientFrame, hex, join } from '../protocol/wire.ts'
import { AbuseServer } from '../support/abuse-server-process.ts'
import { stopPrograms } from '../support/child-program.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'

/*
 * The seam between HTTP and WebSocket: a proxy and the server behind it must never disagree on where a request ends, and
 * whether what follows is a tunnel.
 */

let server: AbuseServer
const httpServer = http.createServer((_, response) => response.end('a page'))
const ports: [way: string, port: () => number][] = [
  ['listen', () => server.port],
  ['attach', () => (httpServer.address() as AddressInfo).port],
]

beforeAll(async () => {
  server = await AbuseServer.start()
  attach(httpServer, endpoint('/', { message: (socket, data) => socket.send(data) }))
  httpServer.listen(0, '127.0.0.1')
  await once(httpServer, 'listening')
})
afterEach(() => {
  resetRawPeers()
  server.program.mustBeUnharmed()
})
afterAll(async () => {
  httpServer.close()
  await stopPrograms()
})

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** A request whose answer would show that it was taken for one. */
const smuggled = latin1('GET /smuggled HTTP/1.1\r\nHost: server.example\r\n\r\n')

/** The one answer to all of this; then the server has ended the connection. */
async function onlyAnswer(port: number, ...pieces: readonly (string | Uint8Array)[]): Promise<string> {
  const peer = await RawPeer.connect(port)
  await peer.send(join(...pieces.map((piece) => (typeof piece === 'string' ? latin1(piece) : piece))))
  const text = await peer.all()
  expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1)
  peer.finish()
  await peer.closed
  return text
}

function expectClosing(text: string, status: number): void {
  expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(text).toMatch(/\r\nConnection: (?:Upgrade, )?close\r\n/)
}

describe.each(ports)('%s', (_way, portOf) => {
  const frame = clientFrame(1, 'served')

  test.each([
    ['a Content-Length', `Content-Length: ${frame.length}`, frame],
    ['chunks', 'Transfer-Encoding: chunked', join(latin1('b\r\n'), frame.subarray(0, 11), latin1('\r\n0\r\n\r\n'))],
    ['both', `Content-Length: ${frame.length}\r\nTransfer-Encoding: chunked`, frame],
    ['a Content-Length that is none', 'Content-Length: x', frame],
  ])(
    'nghttpx CVE-2026-58055, ws, faye: a body with %s is refused, and not served as frames',
    async (_, field, body) => {
      const text = await onlyAnswer(portOf(), openingRequest('/', field), body, smuggled)
      expectClosing(text, 400)
      expect(text).not.toContain('served')
    },
  )

  test('Kemal #767: after a refusal nothing is read as a request', async () => {
    const text = await onlyAnswer(portOf(), openingRequest('/', 'Origin: http://elsewhere.example'), smuggled)
    expectClosing(text, 403)
  })

  test('0ang3el 2019: a wrong version gets a real 426, and no tunnel', async () => {
    const request = openingRequest('/').replace('Version: 13', 'Version: 777')
    const text = await onlyAnswer(portOf(), request, smuggled)
    expectClosing(text, 426)
    expect(text).toMatch(/\r\nSec-WebSocket-Version: 13\r\n/)
  })

  test('Next.js GHSA-c4j6-fc7j-m34r: a target in absolute form is found by its path, and nothing is fetched', async () => {
    const inner = openingRequest('/').replace('GET /', 'GET http://169.254.169.254/latest')
    const text = await onlyAnswer(portOf(), inner, smuggled)
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /)
  })

  test('python websockets 17.1: a Ping in one segment with the request is answered behind the 101', async () => {
    const peer = await RawPeer.connect(portOf())
    await peer.send(join(latin1(openingRequest('/')), clientFrame(9, 'early')))
    expect(await peer.status()).toBe(101)
    expect(await peer.frames(1)).toMatchObject([{ opcode: 10 }])
  })

  test('websocket 1.0.35: frames that come with the request are served, half of one too', async () => {
    const peer = await RawPeer.connect(portOf())
    const second = clientFrame(1, 'half')
    await peer.send(join(latin1(openingRequest('/')), clientFrame(1, 'whole'), second.subarray(0, 4)))
    expect(await peer.texts(1)).toEqual(['whole'])
    await peer.send(second.subarray(4))
    expect(await peer.texts(2)).toEqual(['whole', 'half'])
  })

  test('Tomcat CVE-2024-23672, Spring #30393: a FIN ends the socket, in the middle of a frame too', async () => {
    for (const rest of [hex(''), clientFrame(1, 'cut').subarray(0, 5)]) {
      const peer = await RawPeer.connect(portOf(), false)
      await peer.send(openingRequest('/'), rest)
      await peer.head()
      peer.finish()
      await peer.closed
      expect(peer.error).toBeUndefined()
    }
  })
})

describe('what asks for something else never gets a 101', () => {
  test.each([
    ['h2c smuggling', 'Upgrade: websocket', 'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA', 426],
    ['a token that only looks like it', 'Upgrade: websocket', 'Upgrade: websockets', 426],
    ['Bun #35870: Connection without Upgrade', 'Connection: Upgrade', 'Connection: keep-alive', 400],
    ['Bun #35870: Connection with something like it', 'Connection: Upgrade', 'Connection: Upgrade-Insecure', 400],
    ['Bun #41670: no Host', 'Host: server.example\r\n', '', 400],
    ['Bun #41670: two Hosts', 'Host: server.example', 'Host: server.example\r\nHost: other.example', 400],
    [
      'two keys',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==`,
      400,
    ],
    ['another method', 'GET /', 'POST /', 405],
    ['HTTP/1.0', 'HTTP/1.1', 'HTTP/1.0', 400],
    ['HTTP/2 by prior knowledge', 'GET / HTTP/1.1', 'PRI * HTTP/2.0', 405],
  ])('%s', async (_, part, instead, status) => {
    const request = openingRequest('/')
    expect(request).toContain(part)
    const text = await onlyAnswer(server.port, request.replace(part, instead), smuggled)
    expect(text).not.toMatch(/^HTTP\/1\.1 1/)
    expectClosing(text, status)
  })

  test('with h2c as another choice, it is websocket that is switched to', async () => {
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/').replace('Upgrade: websocket', 'Upgrade: h2c, websocket'))
    expect(await peer.head()).toMatch(/^HTTP\/1\.1 101 [^\r]*\r\nUpgrade: websocket\r\n/)
  })
})
