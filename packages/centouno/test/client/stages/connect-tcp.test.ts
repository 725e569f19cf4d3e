import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import { Attempt } from '../../../src/client/attempt.ts'
import { connect } from '../../../src/client/connect.ts'
import { connectTcp } from '../../../src/client/stages/connect-tcp.ts'
import { readWebSocketUri, type WebSocketUri } from '../../../src/protocol/handshake/websocket-uri.ts'
import { closeProxies, httpProxy } from '../../support/proxies.ts'
import { refused } from '../../support/refused.ts'
import { closedPort, closeScriptedServers, head, scriptedServer, switchLines } from '../../support/scripted-server.ts'

afterEach(async () => {
  await closeScriptedServers()
  await closeProxies()
})

function uri(text: string): WebSocketUri {
  const reading = readWebSocketUri(text)
  if (!reading.ok) throw new Error(`not a URI: ${text}`)
  return reading.uri
}

function begin(): Attempt {
  return new Attempt({ url: 'ws://h/', timeout: 10_000, signal: undefined, observe: undefined })
}

const loopback = (last: number) => ({ address: `127.0.0.${last}`, family: 4 })

describe('the stage connect', () => {
  test('tells the address it reached and its own', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const attempt = begin()
    const socket = await connectTcp(attempt, uri(`ws://some.name:${port}/`), [loopback(1)])
    attempt.succeed({})
    expect(attempt.recorder.report().stages).toMatchObject([
      {
        name: 'connect',
        ok: true,
        bytesSent: null,
        facts: {
          port,
          address: '127.0.0.1',
          tried: [`127.0.0.1:${port} connected`],
          localAddress: '127.0.0.1',
          localPort: socket.localPort,
        },
      },
    ])
    expect(attempt.known['address']).toBe(`127.0.0.1:${port}`)
    socket.destroy()
    server.close()
  })

  test('goes on to the next address when one refuses', async () => {
    const server = createServer().listen(0, '127.0.0.3')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const attempt = begin()
    const socket = await connectTcp(attempt, uri(`ws://some.name:${port}/`), [loopback(2), loopback(3)])
    attempt.succeed({})
    expect(attempt.recorder.report().stages[0]?.facts).toMatchObject({
      address: '127.0.0.3',
      tried: [`127.0.0.2:${port} ECONNREFUSED`, `127.0.0.3:${port} connected`],
    })
    socket.destroy()
    server.close()
  })

  test('H-CON-07: fails when all refuse, and names them all', async () => {
    const port = await closedPort()
    const attempt = begin()
    const failed = connectTcp(attempt, uri(`ws://some.name:${port}/`), [loopback(2), loopback(3)])
    const error = attempt.fail(await failed.catch((failure: unknown) => failure))
    expect(error).toMatchObject({ stage: 'connect', code: 'CONNECT_REFUSED' })
    expect(error.message).toContain(`127.0.0.2:${port}, 127.0.0.3:${port}`)
    expect(error.cause).toBeInstanceOf(AggregateError)
  })

  test('H-CON-07: fails for the one address that refuses', async () => {
    const port = await closedPort()
    const attempt = begin()
    const failed = connectTcp(attempt, uri(`ws://127.0.0.1:${port}/`), [loopback(1)])
    const error = attempt.fail(await failed.catch((failure: unknown) => failure))
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' })
    expect(error.report.stages[0]?.facts).toMatchObject({ tried: [`127.0.0.1:${port} ECONNREFUSED`] })
  })
})

/** Listens, and never accepts: its thread sleeps. Connections beyond the backlog get no answer to their SYN. */
const sleeper = `
  const { parentPort } = require('node:worker_threads')
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15_000))
  })
`

describe.skipIf(process.platform !== 'linux')('when nothing answers', () => {
  test('H-CON-07: CONNECT_TIMEOUT lists every address that was tried', async () => {
    const worker = new Worker(sleeper, { eval: true })
    const [port] = (await once(worker, 'message')) as [number]
    const fillers = Array.from({ length: 2 }, () => createConnection(port, '127.0.0.1').on('error', () => {}))
    // A backlog of one holds two on Linux.
    await Promise.all(fillers.map((filler) => once(filler, 'connect')))
    const attempt = new Attempt({ url: 'ws://h/', timeout: 400, signal: undefined, observe: undefined })
    const failed = connectTcp(attempt, { host: 'some.name', port }, [loopback(1)])
    const error = attempt.fail(await failed.catch((failure: unknown) => failure))
    expect(error).toMatchObject({ code: 'CONNECT_TIMEOUT', stage: 'connect' })
    expect(error.message).toContain(`127.0.0.1:${port} within 400 ms`)
    expect(error.report.stages[0]?.facts['tried']).toEqual([`127.0.0.1:${port} pending`])
    for (const filler of fillers) filler.destroy()
    await worker.terminate()
  })
})

describe('H-CON-01: one connection in CONNECTING per address and port', () => {
  const connecting = { onePerAddress: true }

  test('the next begins when the one before is open, or has failed', async () => {
    let inHandshake = 0
    let most = 0
    const server = await scriptedServer((socket, request) => {
      most = Math.max(most, ++inHandshake)
      setTimeout(() => {
        inHandshake--
        if (request.includes('GET /fails')) socket.end('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n')
        else socket.write(head(switchLines(request)))
      }, 30)
    })
    const url = `ws://127.0.0.1:${server.port}`
    const results = await Promise.allSettled(
      ['/a', '/fails', '/b', '/c', '/d'].map((path) => connect(url + path, { connecting })),
    )
    expect(most).toBe(1)
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ])
    const last = results[4]
    if (last?.status !== 'fulfilled') throw new Error('not open')
    expect(last.value.report.stages.find(({ name }) => name === 'connect')?.facts['queuedMs']).toBeGreaterThan(50)
    for (const result of results) if (result.status === 'fulfilled') result.value.terminate()
  })

  test('is off by default', async () => {
    const waiting: (() => void)[] = []
    const server = await scriptedServer((socket, request) => {
      waiting.push(() => socket.write(head(switchLines(request))))
      // Only when all are there does anyone get a reply.
      if (waiting.length === 5) for (const reply of waiting) reply()
    })
    const sockets = await Promise.all(Array.from({ length: 5 }, () => connect(server.url)))
    expect(sockets.map(({ state }) => state)).toEqual(['open', 'open', 'open', 'open', 'open'])
    for (const socket of sockets) socket.terminate()
  })

  test('CONNECT_QUEUED when the turn does not come in time', async () => {
    const server = await scriptedServer(() => {})
    const controller = new AbortController()
    const first = connect(server.url, { connecting, signal: controller.signal }).catch((error: unknown) => error)
    const error = await refused(server.url, { connecting, handshakeTimeout: 200 })
    expect(error).toMatchObject({ code: 'CONNECT_QUEUED', stage: 'connect' })
    controller.abort()
    expect(await first).toMatchObject({ code: 'ABORTED' })
  })

  test('H-CON-02: through a proxy each name is a host of its own; H-CON-03: with a cap', async () => {
    let inHandshake = 0
    let most = 0
    const server = await scriptedServer((socket, request) => {
      most = Math.max(most, ++inHandshake)
      setTimeout(() => {
        inHandshake--
        socket.write(head(switchLines(request)))
      }, 30)
    })
    const proxy = await httpProxy()
    const dial = async (names: readonly string[], policy: object): Promise<number> => {
      most = 0
      const sockets = await Promise.all(
        names.map((name) =>
          connect(`ws://${name}.invalid:${server.port}/`, {
            proxy: `http://127.0.0.1:${proxy.port}`,
            connecting: { ...connecting, ...policy },
          }),
        ),
      )
      for (const socket of sockets) socket.terminate()
      return most
    }
    expect(await dial(['a', 'a', 'a'], {})).toBe(1)
    expect(await dial(['a', 'b', 'c'], {})).toBeGreaterThan(1)
    const fifty = Array.from({ length: 50 }, (_, index) => `n${index}`)
    expect(await dial(fifty, { atMost: 4 })).toBeLessThanOrEqual(4)
  })
})
