import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer, type WebSocket as Peer } from 'ws'
import { ConnectError } from '../../src/client/connect-error.ts'
import type { CloseEvent, ErrorEvent, WebSocketEventMap } from '../../src/whatwg/events.ts'
import { WebSocket } from '../../src/whatwg/websocket.ts'
import { closedPort, closeScriptedServers, head, scriptedServer, switchLines } from '../support/scripted-server.ts'
import { frame, join, utf8 } from '../protocol/wire.ts'

const servers: WebSocketServer[] = []

afterEach(async () => {
  await closeScriptedServers()
  for (const server of servers.splice(0)) {
    for (const peer of server.clients) peer.terminate()
    server.close()
  }
})

async function serve(connected: (peer: Peer) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'chat' })
  servers.push(server)
  server.on('connection', connected)
  await once(server, 'listening')
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const echo = (peer: Peer): void => void peer.on('message', (data, binary) => peer.send(data, { binary }))

function next<Type extends keyof WebSocketEventMap>(socket: WebSocket, type: Type): Promise<WebSocketEventMap[Type]> {
  return new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }))
}

/** Resolves with the types of all events, once the socket has closed. */
function events(socket: WebSocket): Promise<string[]> {
  const seen: string[] = []
  for (const type of ['open', 'message', 'error'] as const) socket.addEventListener(type, () => seen.push(type))
  return new Promise((resolve) => socket.addEventListener('close', () => resolve([...seen, 'close'])))
}

describe('a WebSocket', () => {
  test('walks through its states, with its events', async () => {
    const url = await serve(echo)
    const socket = new WebSocket(url, 'chat')
    expect(socket).toMatchObject({
      readyState: 0,
      url,
      protocol: '',
      extensions: '',
      bufferedAmount: 0,
      binaryType: 'blob',
    })
    const seen = events(socket)
    await next(socket, 'open')
    expect(socket).toMatchObject({ readyState: WebSocket.OPEN, protocol: 'chat' })
    socket.send('hello')
    const message = await next(socket, 'message')
    expect(message).toMatchObject({ data: 'hello', origin: url.slice(0, -1) })
    socket.close(3001, 'done')
    expect(socket.readyState).toBe(WebSocket.CLOSING)
    expect(await next(socket, 'close')).toMatchObject({ code: 3001, reason: 'done', wasClean: true })
    expect(socket.readyState).toBe(WebSocket.CLOSED)
    expect(await seen).toEqual(['open', 'message', 'close'])
  })

  test('has the attributes onopen, onmessage and onclose', async () => {
    const socket = new WebSocket(await serve(echo))
    const closed = await new Promise<CloseEvent>((resolve) => {
      socket.onopen = () => socket.send('hello')
      socket.onmessage = ({ data }) => socket.close(1000, String(data))
      socket.onclose = resolve
    })
    expect(closed).toMatchObject({ code: 1000, reason: 'hello', wasClean: true })
    expect(socket.onerror).toBeNull()
  })

  test('gives binary messages as a Blob, or as an ArrayBuffer', async () => {
    const socket = new WebSocket(await serve(echo))
    await next(socket, 'open')
    socket.send(Uint8Array.of(1, 2, 3))
    const { data: blob } = await next(socket, 'message')
    expect(blob).toBeInstanceOf(Blob)
    expect(new Uint8Array(await (blob as Blob).arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3))
    socket.binaryType = 'arraybuffer'
    // Not a value of the standard: ignored.
    Reflect.set(socket, 'binaryType', 'nodebuffer')
    socket.send(Uint8Array.of(4, 5).buffer)
    const { data: buffer } = await next(socket, 'message')
    expect(buffer).toBeInstanceOf(ArrayBuffer)
    expect(new Uint8Array(buffer as ArrayBuffer)).toEqual(Uint8Array.of(4, 5))
    socket.close()
    expect(await next(socket, 'close')).toMatchObject({ code: 1005, wasClean: true })
  })

  test('sends in order, also after a Blob, and the bytes as they were at the call', async () => {
    const received: string[] = []
    const url = await serve((peer) => peer.on('message', (data) => received.push(data.toString())))
    const socket = new WebSocket(url)
    await next(socket, 'open')
    const bytes = utf8('second')
    socket.send(new Blob(['first']))
    socket.send(bytes)
    bytes.fill(0)
    socket.send(new Blob(['third']))
    socket.send('fourth')
    expect(socket.bufferedAmount).toBe('firstsecondthirdfourth'.length)
    socket.close()
    await next(socket, 'close')
    expect(received).toEqual(['first', 'second', 'third', 'fourth'])
  })

  test('dispatches no message after close()', async () => {
    // The second message is in the same segment as the first, in whose listener close() is called.
    const server = await scriptedServer((socket, request) => {
      socket.removeAllListeners('data')
      socket.once('data', () => socket.end(frame(8, Uint8Array.of(0x03, 0xe8))))
      socket.write(join(utf8(head(switchLines(request))), frame(1, 'one'), frame(1, 'two')))
    })
    const socket = new WebSocket(server.url)
    const seen: unknown[] = []
    socket.onmessage = ({ data }) => {
      seen.push(data)
      socket.close()
    }
    expect(await next(socket, 'close')).toMatchObject({ wasClean: true })
    expect(seen).toEqual(['one'])
  })

  test('refuses to send before it is open, and counts what is sent too late', async () => {
    const socket = new WebSocket(await serve(echo))
    expect(() => socket.send('x')).toThrow(expect.objectContaining({ name: 'InvalidStateError' }))
    await next(socket, 'open')
    socket.close()
    socket.send('é')
    expect(socket.bufferedAmount).toBe(2)
    await next(socket, 'close')
    socket.send(Uint8Array.of(1))
    expect(socket.bufferedAmount).toBe(3)
  })

  test('checks its arguments at once', async () => {
    expect(() => new WebSocket('ftp://h/')).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
    expect(() => new WebSocket('ws://h/', ['a', 'a'])).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
    const socket = new WebSocket(`ws://127.0.0.1:${await closedPort()}/`)
    expect(() => socket.close(1001)).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }))
    expect(socket.readyState).toBe(WebSocket.CONNECTING)
    await next(socket, 'close')
  })

  test('tells in the error event why it could not connect', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${await closedPort()}/`)
    const seen = events(socket)
    const failed = new Promise<ErrorEvent>((resolve) => {
      socket.onerror = resolve
    })
    const closed = await next(socket, 'close')
    const { error, message } = await failed
    expect(error).toBeInstanceOf(ConnectError)
    expect(error).toMatchObject({ code: 'CONNECT_REFUSED', stage: 'connect' })
    expect(message).toBe(error.message)
    expect(closed).toMatchObject({ code: 1006, reason: '', wasClean: false })
    expect(await seen).toEqual(['error', 'close'])
  })

  test('gives up connecting when close() is called', async () => {
    const server = await scriptedServer(() => {})
    const socket = new WebSocket(server.url)
    socket.close()
    expect(socket.readyState).toBe(WebSocket.CLOSING)
    const failed = next(socket, 'error')
    expect(await next(socket, 'close')).toMatchObject({ code: 1006, wasClean: false })
    expect((await failed).error).toMatchObject({ code: 'ABORTED' })
  })

  test('tells how a connection broke', async () => {
    const server = await scriptedServer((socket, request) => socket.end(head(switchLines(request))))
    const socket = new WebSocket(server.url)
    const failed = next(socket, 'error')
    expect(await next(socket, 'close')).toMatchObject({ code: 1006, wasClean: false })
    expect((await failed).error).toMatchObject({ code: 'SOCKET_CLOSED', closing: { cause: 'peer-fin' } })
  })

  test("is closing once the server's Close has come", async () => {
    const url = await serve((peer) => peer.close(4000, 'go'))
    const socket = new WebSocket(url)
    expect(await next(socket, 'close')).toMatchObject({ code: 4000, reason: 'go', wasClean: true })
  })

  test('has the constants of the standard on the class and on each instance', async () => {
    const socket = new WebSocket(await serve(echo))
    const constants = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }
    expect(socket).toMatchObject(constants)
    expect({ ...WebSocket }).toEqual(constants)
    socket.close()
    await next(socket, 'close')
  })
})
