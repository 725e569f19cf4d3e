import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../../src/client/connect.ts'
import { attach } from '../../src/server/attach.ts'
import type { DrainOptions } from '../../src/server/drain.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import type { Server } from '../../src/server/listen.ts'
import { clientFrame, hex, toHex } from '../protocol/wire.ts'
import { RawPeer } from '../support/raw-peer.ts'
import { ask, serve, stopServing } from '../support/serving.ts'

afterEach(stopServing)

const echo = endpoint('/', { message: (socket, data) => socket.send(data) })

interface Gate {
  readonly passed: Promise<void>
  readonly open: () => void
}

function ignore(): void {}

function gate(): Gate {
  let open = ignore
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}

async function free({ port }: Server): Promise<void> {
  const error = await once(net.connect({ port, host: '127.0.0.1' }), 'connect').catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'ECONNREFUSED' })
}

/** Resolves when the server has this many sockets and handshakes. */
async function holds(server: Server, sockets: number, handshakes: number): Promise<void> {
  for (;;) {
    const stats = server.stats()
    if (stats.sockets === sockets && stats.handshakes === handshakes) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('drain', () => {
  test('sockets are closed one after another, over the time that is given', async () => {
    const server = await serve(echo)
    const clients = await Promise.all(Array.from({ length: 6 }, () => connect(`${server.url}/`)))
    const begun = performance.now()
    const ends = clients.map(async (client) => {
      const { code, reason } = await client.closed
      return { code, reason, at: performance.now() - begun }
    })
    const summary = await server.drain({ within: 120_000, over: 300, code: 1012, reason: 'new version' })
    const seen = await Promise.all(ends)
    expect(seen.map(({ code, reason }) => [code, reason])).toEqual(clients.map(() => [1012, 'new version']))
    const times = seen.map(({ at }) => at).sort((one, other) => one - other)
    // One each 50 ms; a timer may be late, and never early.
    for (const [turn, at] of times.entries()) expect(at).toBeGreaterThanOrEqual(turn * 50 - 1)
    expect(summary).toMatchObject({ sockets: 6, closed: 6, cut: 0, refused: 0, handlersRunning: 0 })
    expect(summary.elapsed).toBeGreaterThanOrEqual(249)
    // The last turn is the last client's: the rest of the time is not waited for.
    expect(summary.elapsed).toBeLessThan(60_000)
    await free(server)
  })

  test('while it lasts, the port answers 503 with Retry-After', async () => {
    const server = await serve(echo)
    const client = await RawPeer.connect(server.port, false)
    await client.send('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n')
    await client.send('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n')
    await client.head()
    const drained = server.drain({ within: 50_000, over: 0 })
    const late = await ask(server, '/')
    const answer = await late.all()
    expect(answer).toMatch(/^HTTP\/1\.1 503 /)
    expect(answer).toMatch(/\r\nRetry-After: \d+\r\n/)
    expect(answer).toContain('code: SERVER_DRAINING')
    const error = await connect(`${server.url}/`).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ details: { refusal: 'SERVER_DRAINING' } })
    // Close, 1001.
    await client.send(clientFrame(8, hex('03 e9')))
    client.finish()
    expect(await drained).toMatchObject({ sockets: 1, closed: 1, refused: 2 })
    await free(server)
  })

  test('handshakes under way are refused at once, one that waits for authorize too, which is told by its signal', async () => {
    const asked = gate()
    const aborted = gate()
    const server = await serve(
      endpoint('/', {
        authorize: async ({ signal }) => {
          signal.addEventListener('abort', aborted.open)
          asked.open()
          await aborted.passed
        },
      }),
    )
    const deciding = await ask(server, '/')
    const half = await RawPeer.connect(server.port)
    await half.send('GET / HTTP/1.1\r\n')
    await asked.passed
    await holds(server, 0, 2)
    const drained = server.drain()
    for (const peer of [deciding, half]) expect(await peer.all()).toContain('code: SERVER_DRAINING')
    await aborted.passed
    expect(await drained).toMatchObject({ sockets: 0, refused: 2 })
    expect(server.stats()).toMatchObject({ accepted: 0, sockets: 0, handshakes: 0 })
  })

  test('what was queued is flushed first, to a client that reads late', async () => {
    const server = await serve(
      endpoint('/', {
        open: (socket) => {
          for (let count = 0; count < 8; count += 1) void socket.send(new Uint8Array(1024 * 1024))
        },
      }),
    )
    const peer = await ask(server, '/')
    await peer.head()
    peer.pause()
    const drained = server.drain({ within: 50_000, over: 0 })
    // What the system does not take waits in the server meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 100))
    peer.resume()
    await peer.until((received) => received.length > 8 * 1024 * 1024 && closeFrames(received) === 1)
    await peer.send(clientFrame(8, hex('03 e9')))
    expect(await drained).toMatchObject({ sockets: 1, closed: 1, cut: 0 })
  })

  test('handlers that run finish, and what they send goes out', async () => {
    const working = gate()
    const work = gate()
    const server = await serve(
      endpoint('/', {
        message: async () => {
          working.open()
          await work.passed
        },
        close: () => work.passed,
      }),
    )
    const client = await connect(`${server.url}/`)
    void client.send('work')
    await working.passed
    let over = false
    const drained = server.drain({ within: 50_000, over: 0 }).then((summary) => {
      over = true
      return summary
    })
    expect(await client.closed).toMatchObject({ clean: true, code: 1001 })
    expect(over).toBe(false)
    work.open()
    expect(await drained).toMatchObject({ closed: 1, handlersRunning: 0 })
  })

  test('at the deadline what is left is cut off, and handlers that still run are told of', async () => {
    const working = gate()
    const server = await serve(
      endpoint('/', {
        message: () => {
          working.open()
          return new Promise(() => {})
        },
      }),
    )
    const silent = await RawPeer.connect(server.port, false)
    await silent.send('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n')
    await silent.send('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n')
    await silent.head()
    await silent.send(clientFrame(1, 'work for ever'))
    await working.passed
    const summary = await server.drain({ within: 80, over: 0 })
    expect(summary).toMatchObject({ sockets: 1, closed: 0, cut: 1, handlersRunning: 1 })
    expect(summary.elapsed).toBeGreaterThanOrEqual(79)
    expect(server.sockets.size).toBe(0)
    await free(server)
  })

  test('a second signal makes it quicker; both calls get the same summary', async () => {
    const server = await serve(echo)
    const clients = await Promise.all([connect(`${server.url}/`), connect(`${server.url}/`)])
    const first = server.drain({ within: 60_000, over: 50_000 })
    expect(await clients[0].closed).toMatchObject({ code: 1001 })
    const second = server.drain({ within: 30_000, over: 0 })
    expect(await clients[1].closed).toMatchObject({ code: 1001 })
    const [summary, same] = await Promise.all([first, second])
    expect(same).toBe(summary)
    expect(summary.elapsed).toBeLessThan(30_000)
    // And after all is over.
    expect(await server.drain()).toBe(summary)
    await server.close()
  })

  test('close during a drain ends it at once', async () => {
    const server = await serve(echo)
    const client = await connect(`${server.url}/`)
    const other = await connect(`${server.url}/`)
    const drained = server.drain({ within: 60_000, over: 60_000 })
    await server.close()
    expect(await drained).toMatchObject({ sockets: 2, closed: 2 })
    await Promise.all([client.closed, other.closed])
    await free(server)
  })

  test('with nothing to do it is over at once', async () => {
    const server = await serve(echo)
    expect(await server.drain()).toMatchObject({ sockets: 0, closed: 0, cut: 0, refused: 0 })
    await free(server)
  })

  test.each<[string, DrainOptions]>([
    ['within', { within: -1 }],
    ['within', { within: Number.NaN }],
    ['over', { within: 10, over: 11 }],
    ['code', JSON.parse('{"code":1000}') as DrainOptions],
    ['reason', { reason: 'é'.repeat(62) }],
  ])('DRAIN: %s of %o cannot be, and nothing has happened', async (name, options) => {
    const server = await serve(echo)
    expect(() => server.drain(options)).toThrow(
      expect.objectContaining({ code: 'DRAIN', message: expect.stringContaining(name) }),
    )
    expect(await (await ask(server, '/')).status()).toBe(101)
  })
})

describe('await using', () => {
  test('a server is closed at the end of its block', async () => {
    let port = 0
    {
      await using server = await serve(echo)
      ;({ port } = server)
      await using client = await connect(`${server.url}/`)
      expect(client.state).toBe('open')
    }
    await free({ port } as Server)
  })

  test('a socket is closed with 1000', async () => {
    const server = await serve(echo)
    let closed
    {
      await using client = await connect(`${server.url}/`)
      ;({ closed } = client)
    }
    expect(await closed).toMatchObject({ clean: true, sent: { code: 1000 } })
  })

  test('an attachment is, and its HTTP server goes on', async () => {
    const httpServer = http.createServer((_, response) => response.end('page'))
    httpServer.listen(0, '127.0.0.1')
    await once(httpServer, 'listening')
    const { port } = httpServer.address() as AddressInfo
    let client
    {
      await using attachment = attach(httpServer, echo)
      client = await connect(`ws://127.0.0.1:${port}/`)
      expect(attachment.sockets.size).toBe(1)
    }
    expect(await client.closed).toMatchObject({ code: 1001, clean: true })
    expect(httpServer.listenerCount('upgrade')).toBe(0)
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('page')
    httpServer.close()
  })
})

test('an attachment answers 503 while it drains, and lets go of the HTTP server afterwards', async () => {
  const httpServer = http.createServer()
  httpServer.listen(0, '127.0.0.1')
  await once(httpServer, 'listening')
  const { port } = httpServer.address() as AddressInfo
  const attachment = attach(httpServer, echo)
  const clients = await Promise.all([connect(`ws://127.0.0.1:${port}/`), connect(`ws://127.0.0.1:${port}/`)])
  const drained = attachment.drain({ within: 50_000, over: 200 })
  expect(await (await ask({ port }, '/')).all()).toContain('code: SERVER_DRAINING')
  expect(await drained).toMatchObject({ sockets: 2, closed: 2, refused: 1 })
  for (const client of clients) expect(await client.closed).toMatchObject({ code: 1001 })
  expect(httpServer.listenerCount('upgrade')).toBe(0)
  httpServer.close()
})

// `await using` closes a server that has been drained or closed by hand already; the process is to end then.
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}

test('closing once more, when all is over, leaves no timer that would keep the process alive', async () => {
  const server = await serve(echo)
  await server.drain()
  const before = timers()
  await server.close()
  await server.drain({ within: 60_000 })
  // Timers of tests before may have struck meanwhile.
  expect(timers()).toBeLessThanOrEqual(before)
})

/** Whether a Close with 1001 stands at the end. */
function closeFrames(received: Uint8Array): number {
  return toHex(received.subarray(received.length - 60)).includes('03 e9') ? 1 : 0
}
