import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, expect, test } from 'vitest'
import { connect } from '../../src/client/connect.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import type {
  CloseMessage,
  DrainMessage,
  ErrorMessage,
  HandshakeMessage,
  LimitMessage,
  OpenMessage,
} from '../../src/server/server-channels.ts'
import { openingRequest, RawPeer } from '../support/raw-peer.ts'
import { ask, serve, stopServing } from '../support/serving.ts'

const subscriptions: (() => void)[] = []

afterEach(async () => {
  for (const stop of subscriptions.splice(0)) stop()
  await stopServing()
})

/** What is published on a channel from now on. */
function messagesOn<Message>(name: string): Message[] {
  const messages: Message[] = []
  const take = (message: unknown): void => void messages.push(message as Message)
  subscribe(name, take)
  subscriptions.push(() => unsubscribe(name, take))
  return messages
}

const echo = endpoint('/', { message: (socket, data) => socket.send(data) })

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('a socket from its handshake to its end', async () => {
  const handshakes = messagesOn<HandshakeMessage>('centouno:server:handshake')
  const opened = messagesOn<OpenMessage>('centouno:server:open')
  const closed = messagesOn<CloseMessage>('centouno:server:close')
  const server = await serve(echo)
  const client = await connect(`${server.url}/?token=hush`, {
    headers: { Authorization: 'Bearer hush' },
    traceparent,
    tracestate: 'vendor=1',
  })
  const [socket] = server.sockets
  await client.close(1000, 'done')
  await socket?.closed
  expect(handshakes).toMatchObject([
    { outcome: 'accepted', code: 'OPEN', status: 101, remoteAddress: '127.0.0.1', traceparent, tracestate: 'vendor=1' },
  ])
  expect(handshakes[0]?.verdicts.some(({ outcome }) => outcome === 'kept')).toBe(true)
  expect(JSON.stringify(handshakes)).not.toContain('hush')
  expect(opened).toEqual([{ socket }])
  expect(socket?.request.traceparent).toBe(traceparent)
  expect(socket?.request.tracestate).toBe('vendor=1')
  expect(closed).toEqual([{ socket, closing: await socket?.closed, code: 'END_CLOSED' }])
})

test('a refused request, without its secrets', async () => {
  const handshakes = messagesOn<HandshakeMessage>('centouno:server:handshake')
  const server = await serve(echo)
  const peer = await ask(server, '/nowhere?access_token=hush', 'Cookie: session=hush', 'traceparent: 00-nonsense')
  await peer.all()
  expect(handshakes).toMatchObject([
    { outcome: 'refused', code: 'SERVER_NO_ENDPOINT', status: 404, traceparent: undefined, tracestate: undefined },
  ])
  expect(handshakes[0]?.head.fields.some(({ name }) => name === 'Cookie')).toBe(true)
  expect(JSON.stringify(handshakes)).not.toContain('hush')
})

test('a limit by its name, whether the new one has to go or the oldest', async () => {
  const limits = messagesOn<LimitMessage>('centouno:server:limit')
  const server = await serve(echo, { limits: { connections: 2, handshakes: 1 } })
  const half = await RawPeer.connect(server.port)
  await half.send('GET')
  expect(await (await ask(server, '/')).status()).toBe(101)
  await half.all()
  await ask(server, '/').then((peer) => peer.status())
  const full = await ask(server, '/')
  await full.all()
  expect(limits).toEqual([
    { limit: 'handshakes', value: 1, code: 'SERVER_HANDSHAKES_FULL', remoteAddress: '127.0.0.1' },
    { limit: 'connections', value: 2, code: 'SERVER_FULL', remoteAddress: '127.0.0.1' },
  ])
})

test('what handlers throw', async () => {
  const errors = messagesOn<ErrorMessage>('centouno:server:error')
  const failing = endpoint('/:where', {
    authorize: ({ params }) => {
      if (params.where === 'authorize') throw new Error('in authorize')
    },
    message: () => {
      throw new Error('in message')
    },
  })
  const server = await serve(failing, { onError: () => {} })
  expect(await (await ask(server, '/authorize')).status()).toBe(500)
  const client = await connect(`${server.url}/message`)
  const [socket] = server.sockets
  void client.send('x')
  await client.closed
  expect(errors).toEqual([
    { error: new Error('in authorize'), socket: undefined },
    { error: new Error('in message'), socket },
  ])
})

test('the beginning and the end of a drain', async () => {
  const drains = messagesOn<DrainMessage>('centouno:server:drain')
  const server = await serve(echo)
  const summary = await server.drain()
  expect(drains).toEqual([{ summary: undefined }, { summary }])
})

test('stats: what came and went, by code', async () => {
  const server = await serve(echo, { limits: { messageBytes: 100 } })
  expect(server.stats()).toEqual({
    sockets: 0,
    handshakes: 0,
    lingering: 0,
    queuedBytes: 0,
    accepted: 0,
    refused: {},
    cut: 0,
    closed: {},
    messagesReceived: 0,
    messagesSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
  })
  const client = await connect(`${server.url}/`)
  const messages = client[Symbol.asyncIterator]()
  for (const message of ['hello', 'hello again']) {
    void client.send(message)
    await messages.next()
  }
  // Frames of a client: 2 bytes, a key of 4, the payload; of a server: 2 bytes and the payload.
  expect(server.stats()).toMatchObject({
    sockets: 1,
    accepted: 1,
    messagesReceived: 2,
    messagesSent: 2,
    bytesReceived: 11 + 17,
    bytesSent: 7 + 13,
  })
  void client.send('x'.repeat(101))
  await client.closed
  for (const request of [openingRequest('/none'), openingRequest('/none'), 'POST / HTTP/1.1\r\nHost: a\r\n\r\n']) {
    const peer = await RawPeer.connect(server.port)
    await peer.send(request)
    await peer.all()
    peer.finish()
    await peer.closed
  }
  const half = await RawPeer.connect(server.port)
  await half.send('GET')
  while (server.stats().handshakes === 0 || server.stats().sockets > 0)
    await new Promise((resolve) => setImmediate(resolve))
  const stats = server.stats()
  expect(stats).toMatchObject({ sockets: 0, handshakes: 1, closed: { MESSAGE_TOO_LONG: 1 } })
  expect(stats.refused).toEqual({ SERVER_NO_ENDPOINT: 2, 'H-REQ-02': 1 })
})

test('queuedBytes is what waits for clients to read', async () => {
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
  expect(server.stats().queuedBytes).toBeGreaterThan(1024 * 1024)
  peer.reset()
})

/** Begins to read a socket that is told of. */
function takeAway(message: unknown): void {
  const { socket } = message as OpenMessage
  void socket[Symbol.asyncIterator]()
    .next()
    .catch(() => {})
}

// Whoever is told of a socket before its handlers are may take it from them. The 101 is out by then: no refusal may follow
// it, and a connection that nobody serves may neither stay open nor keep the server from closing.
test('a socket whose handlers cannot be run is dropped, and told', async () => {
  subscribe('centouno:server:open', takeAway)
  subscriptions.push(() => unsubscribe('centouno:server:open', takeAway))
  const errors: unknown[] = []
  const server = await serve(echo, { onError: (error) => errors.push(error) })
  const peer = await ask(server, '/')
  const received = await peer.all()
  expect(received).not.toMatch(/^HTTP\/1\.1 (?!101)|\r\n\r\n./s)
  expect(errors).toEqual([expect.objectContaining({ code: 'ALREADY_READ' })])
  expect(await server.drain({ within: 60_000, over: 0 })).toMatchObject({ handlersRunning: 0 })
})
