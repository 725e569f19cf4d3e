import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { endpoint } from '../../src/server/endpoint.ts'
import type { ServerSocket } from '../../src/server/server-socket.ts'
import { handleUpgrade, upgradeHandler } from '../../src/server/upgrade-handler.ts'
import { clientFrame, toHex } from '../protocol/wire.ts'
import { resetRawPeers } from '../support/raw-peer.ts'
import { ask } from '../support/serving.ts'

const servers: http.Server[] = []
afterEach(() => {
  resetRawPeers()
  for (const server of servers.splice(0)) server.close()
})

async function start(server: http.Server): Promise<{ readonly port: number }> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port }
}

const echo = endpoint('/echo', { message: (socket, data) => socket.send(data) })

test('handleUpgrade serves an upgrade event, and resolves with the socket', async () => {
  const sockets: (ServerSocket | undefined)[] = []
  const server = http.createServer()
  server.on('upgrade', async (request, socket, head) => {
    sockets.push(await handleUpgrade(request, socket, head, echo))
  })
  const where = await start(server)
  const peer = await ask(where, '/echo')
  await peer.send(clientFrame(1, 'hello'))
  expect(await peer.texts(1)).toEqual(['hello'])
  expect(sockets[0]?.state).toBe('open')

  const refused = await ask(where, '/other')
  expect(await refused.all()).toContain('code: SERVER_NO_ENDPOINT')
  expect(sockets[1]).toBeUndefined()
})

test('a second call for the same request does nothing', async () => {
  const server = http.createServer()
  const outcomes: unknown[] = []
  server.on('upgrade', async (request, socket, head) => {
    const outcome = await Promise.all([
      handleUpgrade(request, socket, head, echo),
      handleUpgrade(request, socket, head, endpoint('/*', {})),
    ])
    outcomes.push(...outcome.map((each) => each?.state))
  })
  const peer = await ask(await start(server), '/echo')
  await peer.send(clientFrame(1, 'hello'))
  expect(await peer.texts(1)).toEqual(['hello'])
  expect(outcomes).toEqual(['open', undefined])
})

test('endpoints that cannot be served together are told of at once', () => {
  expect(() => upgradeHandler(echo, endpoint('/echo', {}))).toThrow(expect.objectContaining({ code: 'PATH_TWICE' }))
})

test('an upgrade handler has options, its sockets, and an end', async () => {
  const handler = upgradeHandler({ requireOrigin: true, limits: { closeTimeout: 50 } }, echo)
  const server = http.createServer().on('upgrade', handler.handleUpgrade)
  const where = await start(server)
  expect(await (await ask(where, '/echo')).status()).toBe(403)
  const peer = await ask(where, '/echo', 'Origin: http://server.example')
  expect(await peer.status()).toBe(101)
  expect(handler.sockets.size).toBe(1)
  const closing = handler.close()
  const [frame] = await peer.frames(1)
  expect([frame?.opcode, toHex((frame?.payload ?? new Uint8Array(0)).subarray(0, 2))]).toEqual([8, '03 e9'])
  await closing
  expect(handler.sockets.size).toBe(0)
  expect(await (await ask(where, '/echo', 'Origin: http://server.example')).status()).toBe(503)
})
