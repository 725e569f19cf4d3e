import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocketServer as OtherServer } from 'ws'
import { attach } from '../../src/server/attach.ts'
import { endpoint, type Endpoint } from '../../src/server/endpoint.ts'
import { clientFrame, hex, join, toHex } from '../protocol/wire.ts'
import { sampleKey } from '../opening-handshake/messages.ts'
import { refusesManyFields } from '../support/node-parser.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'
import { loopbackCertificate } from '../support/certificates.ts'

const servers: http.Server[] = []
afterEach(() => {
  resetRawPeers()
  for (const server of servers.splice(0)) server.close()
})

async function start(server: http.Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const echo = endpoint('/echo', { message: (socket, data) => socket.send(data) })
const says = (word: string): Endpoint => endpoint(`/${word}`, { open: (socket) => socket.send(word) })
const stripped = (path: string, ...fields: string[]): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: h',
    `Sec-WebSocket-Key: ${sampleKey}`,
    'Sec-WebSocket-Version: 13',
    ...fields,
    '',
    '',
  ].join('\r\n')
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')

test('pages and sockets on one server', async () => {
  const server = http.createServer((request, response) => response.end(`page ${request.url}`))
  const port = await start(server)
  attach(server, echo)
  const page = await fetch(`http://127.0.0.1:${port}/echo`)
  expect(await page.text()).toBe('page /echo')
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  await peer.send(clientFrame(1, 'hello'))
  expect(await peer.texts(1)).toEqual(['hello'])
})

test('H-SRV-22: a frame glued to the request is delivered, wherever the bytes are cut', async () => {
  const server = http.createServer()
  const port = await start(server)
  attach(server, echo)
  const frame = clientFrame(1, 'glued')
  for (let cut = 0; cut <= frame.length; cut += 1) {
    const peer = await RawPeer.connect(port)
    await peer.send(join(latin1(openingRequest('/echo')), frame.subarray(0, cut)))
    if (cut < frame.length) {
      await peer.head()
      await peer.send(frame.subarray(cut))
    }
    expect(await peer.texts(1)).toEqual(['glued'])
    peer.reset()
  }
})

test('https: the socket is secure, and its own origin is https', async () => {
  const certificate = await loopbackCertificate()
  const server = https.createServer(certificate)
  const port = await start(server)
  const secure: boolean[] = []
  attach(server, endpoint('/', { open: (socket) => void secure.push(socket.request.secure) }))
  const peer = await RawPeer.connectSecure(port, { ca: certificate.cert })
  await peer.send(openingRequest('/', 'Origin: https://server.example'))
  expect(await peer.status()).toBe(101)
  expect(secure).toEqual([true])
})

// Node ends a TLS connection of an https server as soon as its client has, unlike a plain one: a client that had ended its
// side got no reply when the decision came after its FIN.
test('https: a client that has ended its side before the decision still gets its reply', async () => {
  const { key, cert } = await loopbackCertificate()
  const server = https.createServer({ key, cert })
  const port = await start(server)
  const gone = vi.fn()
  const slow = endpoint('/slow', {
    async authorize({ signal }) {
      await once(signal, 'abort')
      gone()
    },
    open: (socket) => socket.send('too late'),
  })
  attach(server, slow)
  const client = tls.connect({ port, host: '127.0.0.1', ca: cert, allowHalfOpen: true } as tls.ConnectionOptions)
  await once(client, 'secureConnect')
  client.end(openingRequest('/slow'))
  let received = ''
  client.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
  })
  await once(client, 'close')
  expect(gone).toHaveBeenCalledOnce()
  expect(received).toMatch(/^HTTP\/1\.1 101 /)
})

test('a path that no endpoint serves gets 404; with `pass` it is left to other listeners', async () => {
  const strict = http.createServer()
  const strictPort = await start(strict)
  attach(strict, echo)
  const refused = await RawPeer.connect(strictPort)
  await refused.send(openingRequest('/other'))
  expect(await refused.status()).toBe(404)

  const shared = http.createServer()
  const sharedPort = await start(shared)
  attach(shared, { pass: true }, echo)
  shared.on('upgrade', (request, stream) => {
    if (request.url !== '/echo') stream.end('HTTP/1.1 418 Teapot\r\n\r\n')
  })
  const passed = await RawPeer.connect(sharedPort)
  await passed.send(openingRequest('/other'))
  expect(await passed.status()).toBe(418)
  const served = await RawPeer.connect(sharedPort)
  await served.send(openingRequest('/echo?x=/other'))
  expect(await served.status()).toBe(101)
})

test('H-H1-11: fields that Node would cut away unseen are refused, not lost', async () => {
  const server = http.createServer()
  const port = await start(server)
  attach(server, echo)
  const peer = await RawPeer.connect(port)
  // Node keeps 2,000 fields; the length of the body stands behind them.
  await peer.send(openingRequest('/echo', ...Array.from({ length: 2000 }, () => 'X: 1'), 'Content-Length: 5'), 'hello')
  const answer = await peer.all()
  expect(answer).toMatch(/^HTTP\/1\.1 431 /)
  // Some versions of Node refuse so many themselves, without naming a rule.
  expect(answer.includes('H-H1-11')).toBe(!(await refusesManyFields()))
})

test('a socket outlives the timeouts of the HTTP server', async () => {
  const server = http.createServer()
  server.setTimeout(500)
  const port = await start(server)
  attach(server, echo)
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  await new Promise((resolve) => setTimeout(resolve, 700))
  await peer.send(clientFrame(1, 'still here'))
  expect(await peer.texts(1)).toEqual(['still here'])
})

test('detach takes no more upgrades and leaves open sockets alone', async () => {
  const server = http.createServer()
  const port = await start(server)
  const attachment = attach(server, echo)
  const open = await RawPeer.connect(port)
  await open.send(openingRequest('/echo'))
  await open.head()
  attachment.detach()
  expect(server.listenerCount('upgrade')).toBe(0)
  await open.send(clientFrame(1, 'still here'))
  expect(await open.texts(1)).toEqual(['still here'])
  expect(attachment.sockets.size).toBe(1)
})

test('close detaches and closes every socket with 1001', async () => {
  const server = http.createServer()
  const port = await start(server)
  const attachment = attach(server, { limits: { closeTimeout: 50 } }, echo)
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  const closing = attachment.close()
  const [frame] = await peer.frames(1)
  expect([frame?.opcode, toHex((frame?.payload ?? hex('')).subarray(0, 2))]).toEqual([8, '03 e9'])
  await closing
  expect(attachment.sockets.size).toBe(0)
})

test('a reset at any moment harms nobody', async () => {
  const server = http.createServer()
  const port = await start(server)
  const attachment = attach(
    server,
    endpoint('/slow', { authorize: () => new Promise((resolve) => setTimeout(resolve, 20)) }),
    echo,
  )
  const attempts = [
    openingRequest('/echo').slice(0, 30),
    openingRequest('/echo'),
    openingRequest('/other'),
    openingRequest('/slow'),
  ]
  for (const attempt of attempts) {
    const peer = await RawPeer.connect(port)
    await peer.send(attempt)
    peer.reset()
    await peer.closed
  }
  const witness = await RawPeer.connect(port)
  await witness.send(join(latin1(openingRequest('/slow'))))
  expect(await witness.status()).toBe(101)
  expect(attachment.sockets.size).toBeLessThanOrEqual(2)
})

describe('two that would answer the same requests', () => {
  const clash = expect.objectContaining({ name: 'ServerInputError', code: 'ATTACHED_TWICE' })

  test('two attachments: the second fails at once, with a text that says what to do', () => {
    const server = http.createServer()
    attach(server, echo)
    expect(() => attach(server, endpoint('/other', {}))).toThrow(clash)
    expect(() => attach(server, endpoint('/other', {}))).toThrow(/attach\(server, first, second\)/)
    expect(() => attach(server, { pass: true }, endpoint('/other', {}))).toThrow(clash)
    expect(server.listenerCount('upgrade')).toBe(1)
    expect(server.listenerCount('request')).toBe(1)
  })

  test('one that passes does not make room for one that does not', () => {
    const server = http.createServer()
    attach(server, { pass: true }, echo)
    expect(() => attach(server, endpoint('/other', {}))).toThrow(clash)
    expect(() => attach(server, { pass: true }, endpoint('/echo', {}))).toThrow(clash)
  })

  test('after detach there is room again', () => {
    const server = http.createServer()
    attach(server, echo).detach()
    expect(() => attach(server, echo)).not.toThrow()
    expect(server.listenerCount('request')).toBe(1)
  })

  test('ws #1140: a WebSocket server of another library that is there already', () => {
    const server = http.createServer()
    const other = new OtherServer({ server })
    expect(() => attach(server, echo)).toThrow(clash)
    expect(() => attach(server, echo)).toThrow(/\{ pass: true \}/)
    expect(() => attach(server, { pass: true }, echo)).not.toThrow()
    other.close()
  })

  test('one that comes later is told of, once', async () => {
    const server = http.createServer()
    const port = await start(server)
    attach(server, echo)
    server.on('upgrade', () => {})
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    for (let index = 0; index < 2; index += 1) {
      const peer = await RawPeer.connect(port)
      await peer.send(openingRequest('/echo'))
      expect(await peer.status()).toBe(101)
    }
    expect(warned).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('pass: true'),
      expect.objectContaining({ code: 'CENTOUNO_UPGRADE_SHARED' }),
    )
    warned.mockRestore()
  })
})

test('two attachments that pass serve their own paths, and the rest gets one 404', async () => {
  const server = http.createServer()
  const port = await start(server)
  attach(server, { pass: true }, says('one'))
  attach(server, { pass: true }, says('two'), endpoint('/*', { open: (socket) => socket.send('any') }))
  for (const [path, word] of [
    ['/one', 'one'],
    ['/two', 'two'],
    ['/three', 'any'],
  ] as const) {
    const peer = await RawPeer.connect(port)
    await peer.send(openingRequest(path))
    expect(await peer.texts(1)).toEqual([word])
  }

  const other = http.createServer()
  const otherPort = await start(other)
  attach(other, { pass: true }, says('one'))
  attach(other, { pass: true }, says('two'))
  const peer = await RawPeer.connect(otherPort)
  await peer.send(openingRequest('/three'))
  const answer = await peer.all()
  expect(answer).toMatch(/^HTTP\/1\.1 404 /)
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
})

test('an attachment that passes and the ws package live on one server', async () => {
  const server = http.createServer()
  const port = await start(server)
  const other = new OtherServer({ noServer: true })
  server.on('upgrade', (request, stream, head) => {
    if (request.url !== '/other') return
    other.handleUpgrade(request, stream, head, (socket) => socket.send('from ws'))
  })
  attach(server, { pass: true }, echo)
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/other'))
  expect(await peer.texts(1)).toEqual(['from ws'])
  const ours = await RawPeer.connect(port)
  await ours.send(join(latin1(openingRequest('/echo')), clientFrame(1, 'ours')))
  expect(await ours.texts(1)).toEqual(['ours'])
  for (const client of other.clients) client.terminate()
})

describe('H-TRAP-07: an upgrade that a proxy stripped', () => {
  test.each([
    ['of both fields', []],
    ['of Connection', ['Upgrade: websocket']],
    ['of Upgrade', ['Connection: Upgrade']],
    ['of the option, as nginx does by default', ['Connection: close']],
  ])('%s is told to onRefused, and the answer left to the server’s own handler', async (_what, fields) => {
    const server = http.createServer((_request, response) => response.end('a page'))
    const port = await start(server)
    const refused = vi.fn()
    attach(server, { onRefused: refused }, echo)
    const peer = await RawPeer.connect(port)
    await peer.send(stripped('/echo?token=S3cr3t', 'Cookie: a=S3cr3t', ...fields))
    await peer.until((received) => received.includes('a page'))
    expect(refused).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        answered: false,
        refusal: expect.objectContaining({
          code: 'SERVER_UPGRADE_STRIPPED',
          hint: expect.objectContaining({ en: expect.stringContaining('proxy_set_header Upgrade $http_upgrade') }),
        }),
        head: expect.objectContaining({ method: 'GET', target: '/echo?token=•••' }),
      }),
    )
    expect(JSON.stringify(refused.mock.calls)).not.toContain('S3cr3t')
  })

  test('is answered with 426 when nobody else would', async () => {
    const server = http.createServer()
    const port = await start(server)
    const refused = vi.fn()
    attach(server, { onRefused: refused }, echo)
    const peer = await RawPeer.connect(port)
    await peer.send(stripped('/echo', 'Connection: keep-alive'))
    const answer = await peer.all()
    expect(answer).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/)
    expect(answer).toMatch(/\r\nUpgrade: websocket\r\n/i)
    expect(answer).toMatch(/\r\nSec-WebSocket-Version: 13\r\n/i)
    expect(answer).toMatch(/\r\nConnection: Upgrade, close\r\n/i)
    expect(answer).toContain('code: SERVER_UPGRADE_STRIPPED')
    expect(answer).toContain('proxy_http_version 1.1')
    expect(refused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ answered: true }))
  })

  test('by an old proxy, in HTTP/1.0, is told too', async () => {
    const server = http.createServer((_request, response) => response.end('a page'))
    const port = await start(server)
    const refused = vi.fn()
    attach(server, { onRefused: refused }, echo)
    const peer = await RawPeer.connect(port)
    await peer.send(stripped('/echo', 'Connection: close').replace('HTTP/1.1', 'HTTP/1.0'))
    await peer.all()
    expect(refused).toHaveBeenCalledOnce()
  })

  test.each([
    ['a request for a page', `GET /echo HTTP/1.1\r\nHost: h\r\n\r\n`],
    ['a path that no endpoint serves', stripped('/other')],
  ])('%s is nothing of ours', async (_what, request) => {
    const server = http.createServer((_request, response) => response.end('a page'))
    const port = await start(server)
    const refused = vi.fn()
    attach(server, { onRefused: refused }, echo)
    const peer = await RawPeer.connect(port)
    await peer.send(request)
    await peer.until((received) => received.includes('a page'))
    expect(refused).not.toHaveBeenCalled()
  })
})

test('drain answers upgrades with 503 until the last socket is gone, and then detaches', async () => {
  const server = http.createServer()
  const port = await start(server)
  const attachment = attach(server, { limits: { closeTimeout: 40_000 } }, echo)
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  expect(attachment.stats()).toMatchObject({ sockets: 1, accepted: 1 })
  const drained = attachment.drain({ within: 50_000, over: 0, code: 1012 })
  const late = await RawPeer.connect(port)
  await late.send(openingRequest('/echo'))
  expect(await late.all()).toMatch(/^HTTP\/1\.1 503 [^]*code: SERVER_DRAINING/)
  const [frame] = await peer.frames(1)
  expect(toHex((frame?.payload ?? hex('')).subarray(0, 2))).toBe('03 f4')
  await peer.send(clientFrame(8, hex('03 f4')))
  expect(await drained).toMatchObject({ sockets: 1, closed: 1, refused: 1 })
  expect(server.listenerCount('upgrade')).toBe(0)
})
