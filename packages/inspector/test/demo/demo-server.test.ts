import { connect } from 'centouno'
import type { Closing, RefusedRequest, Server } from 'centouno'
import { afterEach, describe, expect, test } from 'vitest'
import { demoModes, startDemo } from '../../src/demo/demo-server.ts'
import type { DemoOptions } from '../../src/demo/demo-server.ts'
import { Collected } from '../support/collected.ts'
import { nextMessage } from '../support/messages.ts'
import { askRaw } from '../support/raw-http.ts'

const running: Server[] = []

async function demo(options: Partial<DemoOptions> = {}): Promise<Server> {
  const server = await startDemo({ port: 0, mode: 'echo', tls: false, ...options })
  running.push(server)
  return server
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

describe('the addresses', () => {
  test.each(demoModes)('/ does what %s does', async (mode) => {
    const server = await demo({ mode })
    const expected = { echo: /^hello$/, chat: /guest 1 is here/, time: /^\d{4}-\d\d-\d\dT/ }[mode]
    await using socket = await connect(`${server.url}/`)
    if (mode === 'echo') await socket.send('hello')
    expect(await nextMessage(socket)).toMatch(expected)
  })

  test('/echo, /chat and /time are always there, and nothing else is', async () => {
    const server = await demo({ mode: 'time' })
    for (const path of ['/echo', '/chat', '/time']) {
      await using socket = await connect(server.url + path)
      expect(socket.state).toBe('open')
    }
    await expect(connect(`${server.url}/nothing`)).rejects.toMatchObject({ code: 'UPGRADE_NOT_FOUND' })
  })

  test('it listens on loopback only', async () => {
    expect((await demo()).url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/)
  })
})

describe('subprotocols and origins', () => {
  test('chat.v1 and echo.v1 are agreed to', async () => {
    const server = await demo()
    for (const name of ['chat.v1', 'echo.v1']) {
      await using socket = await connect(`${server.url}/echo`, { subprotocols: [name] })
      expect(socket.subprotocol).toBe(name)
    }
  })

  test('a page of any origin may try it', async () => {
    const server = await demo()
    await using socket = await connect(`${server.url}/echo`, { origin: 'https://elsewhere.example' })
    expect(socket.state).toBe('open')
  })
})

describe('the watcher', () => {
  test('is told who connected and how it ended', async () => {
    const paths: string[] = []
    const closings = new Collected<Closing>()
    const server = await demo({
      watcher: {
        connected: (socket) => paths.push(socket.request.path),
        ended: (_socket, closing) => closings.add(closing),
      },
    })
    const socket = await connect(`${server.url}/chat`)
    await socket.close(1000, 'done')
    expect(await closings.find(() => true)).toMatchObject({ code: 1000, reason: 'done', clean: true })
    expect(paths).toEqual(['/chat'])
  })

  test('is told who was refused, by which rule', async () => {
    const refusals = new Collected<RefusedRequest>()
    const server = await demo({ watcher: { refused: refusals.add } })
    const reply = await askRaw(server.port, [
      'GET /echo HTTP/1.1',
      'Host: 127.0.0.1',
      'Upgrade: websocket',
      'Connection: Upgrade',
      // Version 12 is a draft's.
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 12',
    ])
    expect(reply).toMatch(/^HTTP\/1\.1 426 /)
    const { refusal } = await refusals.find(() => true)
    expect(refusal.status).toBe(426)
    expect(reply).toContain(refusal.rule)
  })
})

describe('TLS', () => {
  test('the certificate is self-signed and names localhost and 127.0.0.1', async () => {
    const server = await demo({ tls: true })
    expect(server.url).toMatch(/^wss:/)
    await expect(connect(`${server.url}/echo`)).rejects.toMatchObject({ code: 'SECURE_SELF_SIGNED' })
    await using socket = await connect(`${server.url}/echo`, { tls: { rejectUnauthorized: false } })
    const secure = socket.report.stages.find(({ name }) => name === 'secure')
    expect(secure?.facts['names']).toMatch(/DNS:localhost.*IP Address:127\.0\.0\.1/)
  })
})

test('when it ends, sockets are closed with 1001', async () => {
  const server = await demo()
  const socket = await connect(`${server.url}/echo`)
  const closed = socket.closed
  await server.close()
  expect(await closed).toMatchObject({ code: 1001, clean: true })
})
