import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { endpoint, listen } from '../../src/index.ts'
import type { Closing } from '../../src/index.ts'
import { exerciseOurClient } from './exercise.ts'

/** The `ws` package on the other side of the wire, in both roles, without compression (we do not offer any yet). */

const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
})

describe('our client and the server of ws', () => {
  test('text, binary, 1 MiB, fragments, ping, and a close with code and reason from either side', async () => {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: (offered) => (offered.has('echo.v1') ? 'echo.v1' : false),
    })
    ending.push(() => server.close())
    await once(server, 'listening')
    const closes: unknown[] = []
    server.on('connection', (socket) => {
      socket.on('close', (code, reason) => closes.push([code, reason.toString()]))
      socket.on('message', (data, binary) => {
        const text = binary ? '' : data.toString()
        if (text === 'fragment, please') {
          for (const part of ['one, ', 'two, ', '']) socket.send(part, { fin: false })
          socket.send('three', { fin: true })
        } else if (text === 'close, please') socket.close(4001, 'as you wish')
        else socket.send(data, { binary })
      })
    })
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await exerciseOurClient(url, true)
    await exerciseOurClient(url, false)
    await expect
      .poll(() => closes)
      .toEqual([
        [4001, 'as you wish'],
        [4003, 'enough 够了'],
      ])
  })
})

describe('the client of ws and our server', () => {
  test('text, binary, 1 MiB, fragments, ping, and a close with code and reason', async () => {
    const closings: Closing[] = []
    const server = await listen(
      { port: 0, host: '127.0.0.1' },
      endpoint('/echo', {
        subprotocols: ['echo.v1'],
        message: (socket, data) => socket.send(data),
        close: (_socket, closing) => void closings.push(closing),
      }),
    )
    ending.push(() => server.close())
    const client = new WebSocket(`ws://127.0.0.1:${server.port}/echo`, ['other.v1', 'echo.v1'])
    await once(client, 'open')
    expect(client.protocol).toBe('echo.v1')
    const next = async (): Promise<{ data: Buffer; binary: boolean }> => {
      const [data, binary] = (await once(client, 'message')) as [Buffer, boolean]
      return { data, binary }
    }
    client.send('hello, 你好')
    expect(await next()).toEqual({ data: Buffer.from('hello, 你好'), binary: false })
    client.send(Buffer.from([0, 1, 255]))
    expect(await next()).toEqual({ data: Buffer.from([0, 1, 255]), binary: true })
    const large = 'é'.repeat(512 * 1024)
    client.send(large)
    expect((await next()).data.equals(Buffer.from(large))).toBe(true)
    for (const part of ['one, ', 'two, ', '']) client.send(part, { fin: false })
    client.send('three', { fin: true })
    expect((await next()).data.toString()).toBe('one, two, three')
    client.ping('are you there')
    expect(((await once(client, 'pong')) as [Buffer])[0].toString()).toBe('are you there')
    client.close(4002, 'done 完')
    const [code] = (await once(client, 'close')) as [number]
    expect(code).toBe(4002)
    await expect
      .poll(() => closings)
      .toMatchObject([{ code: 4002, reason: 'done 完', clean: true, initiator: 'remote' }])
  })
})
