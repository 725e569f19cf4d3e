import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { attach } from '../../src/server/attach.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { clientFrame, hex, join, toHex } from '../protocol/wire.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'
import { selfSigned } from '../support/self-signed.ts'

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
  const certificate = selfSigned()
  const server = https.createServer(certificate)
  const port = await start(server)
  const secure: boolean[] = []
  attach(server, endpoint('/', { open: (socket) => void secure.push(socket.request.secure) }))
  const peer = await RawPeer.connectSecure(port, { ca: certificate.cert })
  await peer.send(openingRequest('/', 'Origin: https://server.example'))
  expect(await peer.status()).toBe(101)
  expect(secure).toEqual([true])
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
  expect(answer).toContain('H-H1-11')
})

test('a socket outlives the timeouts of the HTTP server', async () => {
  const server = http.createServer()
  server.setTimeout(30)
  const port = await start(server)
  attach(server, echo)
  const peer = await RawPeer.connect(port)
  await peer.send(openingRequest('/echo'))
  await peer.head()
  await new Promise((resolve) => setTimeout(resolve, 80))
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
