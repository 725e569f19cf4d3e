import { once } from 'node:events'
import { createServer } from 'node:http'
import { createConnection } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect, ConnectError, endpoint, listen } from 'centouno'
import type { Server } from 'centouno'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDemo } from '../../src/demo/demo-server.ts'
import { LiveLadder } from '../../src/ladder/live-ladder.ts'
import type { Rung } from '../../src/wire/rung.ts'
import { Collected } from '../support/collected.ts'

/** Ladders of connections that are really made. */

let demo: Server

beforeAll(async () => {
  demo = await startDemo({ port: 0, mode: 'echo', tls: false })
})
afterAll(() => demo.close())

/** A proxy that opens every tunnel it is asked for. */
async function tunnelProxy(): Promise<{ url: string; close: () => Promise<unknown> }> {
  const server = createServer()
  const sockets = new Set<Duplex>()
  server.on('connect', (request, client: Duplex) => {
    const [host = '', port = ''] = (request.url ?? '').split(':')
    const target = createConnection(Number(port), host, () =>
      client.write('HTTP/1.1 200 Connection established\r\n\r\n'),
    )
    for (const socket of [client, target]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.pipe(target).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      return once(server, 'close')
    },
  }
}

function watch(): { rungs: Collected<Rung>; ladder: LiveLadder; options: Parameters<typeof connect>[1] } {
  const rungs = new Collected<Rung>()
  const ladder = new LiveLadder(rungs.add)
  return { rungs, ladder, options: { wire: ladder, observe: (change) => ladder.change(change), proxy: false } }
}

function story(rungs: Collected<Rung>): string[] {
  return rungs.items.map(({ layer, from, label }) => `${layer} ${from} ${label.en}`)
}

test('from SYN to FIN', async () => {
  const { rungs, options } = watch()
  const socket = await connect(`${demo.url}/echo`, options)
  await socket.send('hello')
  await rungs.find(({ from, label }) => from === 'server' && label.en === 'Text, 5 bytes')
  await socket.close(1000, 'done')
  await rungs.find(({ from, label }) => from === 'client' && label.en === 'FIN')
  const told = story(rungs)
  expect(told.slice(0, 9)).toEqual([
    'tcp client SYN',
    'tcp server SYN-ACK',
    'tcp client ACK',
    'http client GET /echo',
    'http server 101 Switching Protocols',
    'websocket client Text, 5 bytes',
    'websocket server Text, 5 bytes',
    'websocket client Close 1000',
    'websocket server Close 1000',
  ])
  expect(told.filter((line) => line.endsWith('FIN')).sort()).toEqual(['tcp client FIN', 'tcp server FIN'])
  for (const { layer, inferred, alarming } of rungs.items) {
    expect(inferred).toBe(layer === 'tcp')
    expect(alarming).toBe(false)
  }
  const times = rungs.items.map(({ atMs }) => atMs)
  expect(times).toEqual([...times].sort((one, other) => one - other))
})

test('under TLS: every message of its handshake, then the same, opened', async () => {
  await using secure = await startDemo({ port: 0, mode: 'echo', tls: true })
  const { rungs, options } = watch()
  const socket = await connect(`${secure.url}/echo`, { ...options, tls: { rejectUnauthorized: false } })
  await socket.send('hello')
  await rungs.find(({ from, label }) => from === 'server' && label.en === 'Text, 5 bytes')
  await socket.close(1000)
  const told = (layer: Rung['layer']): string[] =>
    rungs.items.filter((rung) => rung.layer === layer).map(({ from, label }) => `${from} ${label.en}`)
  for (const message of [
    'ClientHello',
    'ServerHello',
    'EncryptedExtensions',
    'Certificate',
    'CertificateVerify',
    'Finished',
  ]) {
    expect(told('tls').some((line) => line.includes(message))).toBe(true)
  }
  expect(told('http')).toEqual(['client GET /echo', 'server 101 Switching Protocols'])
  expect(told('websocket').slice(0, 3)).toEqual(['client Text, 5 bytes', 'server Text, 5 bytes', 'client Close 1000'])
  const inside = rungs.items.filter(({ layer }) => layer === 'http' || layer === 'websocket')
  expect(inside.every(({ decrypted }) => decrypted)).toBe(true)
})

test('through a proxy: TCP and its dialogue stand between client and proxy', async () => {
  const proxy = await tunnelProxy()
  const { rungs, options } = watch()
  const socket = await connect(`${demo.url}/echo`, { ...options, proxy: proxy.url })
  await socket.close(1000)
  await proxy.close()
  expect(rungs.items.slice(0, 6).map(({ layer, from, to }) => `${layer} ${from} ${to}`)).toEqual([
    'tcp client proxy',
    'tcp proxy client',
    'tcp client proxy',
    'proxy client proxy',
    'proxy proxy client',
    'http client server',
  ])
})

test('a port where nobody listens: SYN, and the RST that answers it', async () => {
  const server = await listen({ port: 0, host: '127.0.0.1' }, endpoint('/', {}))
  const { port } = server
  await server.close()
  const { rungs, options } = watch()
  await expect(connect(`ws://127.0.0.1:${port}/`, options)).rejects.toThrow(ConnectError)
  expect(story(rungs)).toEqual(['tcp client SYN', 'tcp server RST'])
  expect(rungs.items.map(({ inferred, alarming }) => [inferred, alarming])).toEqual([
    [true, false],
    [true, true],
  ])
})

test('a refusal is an alarming response', async () => {
  const { rungs, options } = watch()
  await expect(connect(`${demo.url}/nowhere`, options)).rejects.toThrow(ConnectError)
  const refusal = await rungs.find(({ layer, from }) => layer === 'http' && from === 'server')
  expect(refusal).toMatchObject({ alarming: true })
})
