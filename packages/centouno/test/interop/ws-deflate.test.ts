import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer, type PerMessageDeflateOptions } from 'ws'
import { connect, endpoint, listen } from '../../src/index.ts'
import type { CompressionOptions } from '../../src/index.ts'

/** permessage-deflate with the `ws` package on the other side, in both roles, for each combination of parameters. */

const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
})

/** Text that is like itself, so that takeover matters; one beyond every step; empty; and one that repeats the first. */
const messages = [
  '{"id":1,"name":"alice","text":"hello, hello, 你好"}',
  '{"id":2,"name":"bob","text":"hello, hello, 你好"}',
  '',
  Array.from({ length: 30_000 }, (_, index) => `${index * 7919}`).join(','),
  '{"id":1,"name":"alice","text":"hello, hello, 你好"}',
  'x'.repeat(5000),
  '{"id":3,"name":"alice","text":"hello"}',
]

const shapes: (readonly [name: string, ours: Partial<CompressionOptions>, theirs: PerMessageDeflateOptions])[] = [
  ['defaults', {}, {}],
  ['no takeover, theirs', {}, { serverNoContextTakeover: true, clientNoContextTakeover: true }],
  ['no takeover of the server’s, theirs', {}, { serverNoContextTakeover: true }],
  ['no takeover of the client’s, theirs', {}, { clientNoContextTakeover: true }],
  ['no takeover, ours', { takeover: false, peerTakeover: false }, {}],
  ['no takeover for what we send', { takeover: false }, {}],
  ['no takeover for what we get', { peerTakeover: false }, {}],
  ...[9, 10, 11, 12, 13, 14, 15].map(
    (bits) =>
      [`windows of ${bits} bits, theirs`, {}, { serverMaxWindowBits: bits, clientMaxWindowBits: bits }] as const,
  ),
  ...[9, 10, 11, 12, 13, 14, 15].map(
    (bits) => [`windows of ${bits} bits, ours`, { windowBits: bits, peerWindowBits: bits }, {}] as const,
  ),
  ['a peer’s window of 8 bits', { peerWindowBits: 8 }, {}],
]

describe.each(shapes)('%s', (_name, ours, theirs) => {
  const perMessageDeflate = { threshold: 0, ...theirs }

  test('our client, the server of ws', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate })
    ending.push(() => server.close())
    await once(server, 'listening')
    server.on('connection', (socket) => {
      socket.on('message', (data, binary) => socket.send(data, { binary }))
    })
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const socket = await connect(url, { compression: { threshold: 0, ...ours } })
    expect(socket.extensions).toMatch(/^permessage-deflate/)
    const echoes: unknown[] = []
    for (const message of [...messages, ...messages]) void socket.send(message)
    for await (const echo of socket) if (echoes.push(echo) === 2 * messages.length) break
    expect(echoes).toEqual([...messages, ...messages])
    expect(await socket.close(1000)).toMatchObject({ clean: true })
  })

  test('our server, the client of ws', async () => {
    const server = await listen(
      { port: 0, host: '127.0.0.1', compression: { threshold: 0, ...ours } },
      endpoint('/', { message: (socket, data) => socket.send(data) }),
    )
    ending.push(() => server.close())
    const client = new WebSocket(server.url, { perMessageDeflate })
    const echoes: string[] = []
    const done = new Promise<void>((resolve, reject) => {
      client.on('message', (data) => {
        if (echoes.push(String(data)) === 2 * messages.length) resolve()
      })
      client.on('close', (code) => reject(new Error(`closed: ${code}`)))
      client.on('error', reject)
    })
    await once(client, 'open')
    expect(client.extensions).toMatch(/^permessage-deflate/)
    for (const message of [...messages, ...messages]) client.send(message)
    await done
    expect(echoes).toEqual([...messages, ...messages])
    client.terminate()
  })
})
