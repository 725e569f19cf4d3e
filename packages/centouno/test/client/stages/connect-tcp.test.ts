import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Attempt } from '../../../src/client/attempt.ts'
import { connectTcp } from '../../../src/client/stages/connect-tcp.ts'
import { readWebSocketUri, type WebSocketUri } from '../../../src/protocol/handshake/websocket-uri.ts'
import { closedPort } from '../../support/scripted-server.ts'

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
