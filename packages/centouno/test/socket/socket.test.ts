import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { defaultConnectionLimits } from '../../src/protocol/connection/limits.ts'
import type { Message } from '../../src/socket/inbox.ts'
import { Socket } from '../../src/socket/socket.ts'
import { pair } from '../../src/testing/pair.ts'
import { memoryPair } from '../../src/transport/memory-pair.ts'
import { socketPair } from '../support/socket-pair.ts'
import { TransportLog } from '../support/transport-log.ts'

async function collect(socket: Socket, count: number): Promise<Message[]> {
  const messages: Message[] = []
  if (count === 0) return messages
  for await (const message of socket) {
    messages.push(message)
    if (messages.length === count) break
  }
  return messages
}

test('text and binary arrive as they were sent, both ways', async () => {
  const { client, server } = socketPair()
  await client.send('grüße')
  await client.send(Uint8Array.of(1, 2, 3))
  await client.send(Uint8Array.of(9, 8, 7, 6).buffer)
  await client.send(new DataView(Uint8Array.of(0, 5, 5, 0).buffer, 1, 2))
  expect(await collect(server, 4)).toEqual([
    'grüße',
    Uint8Array.of(1, 2, 3),
    Uint8Array.of(9, 8, 7, 6),
    Uint8Array.of(5, 5),
  ])
  await server.send('back')
  expect(await collect(client, 1)).toEqual(['back'])
})

test('any messages over any cut of the bytes arrive whole and in order', async () => {
  const message = fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 200 }))
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), async (messages, size) => {
      const { client, server } = socketPair({ chunkBytes: size })
      for (const each of messages) await client.send(each)
      expect(await collect(server, messages.length)).toEqual(messages)
      expect(await client.close(1000)).toMatchObject({ clean: true, code: 1000 })
    }),
    { numRuns: 60 },
  )
})

test('a closing handshake ends iteration on both sides, after the messages that came before', async () => {
  const { client, server } = socketPair()
  void client.send('last words')
  const closing = client.close(4000, 'enough')
  const messages: Message[] = []
  for await (const message of server) messages.push(message)
  expect(messages).toEqual(['last words'])
  expect(await closing).toMatchObject({ code: 4000, clean: true, initiator: 'local' })
  expect(await server.closed).toMatchObject({ code: 4000, reason: 'enough', clean: true, initiator: 'remote' })
  expect([client.state, server.state]).toEqual(['closed', 'closed'])
  expect(await server[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined })
})

test('iteration throws SocketClosedError when the connection ended without Close, after what had arrived', async () => {
  const { client, server } = socketPair()
  await client.send('one')
  await turn()
  client.terminate()
  const messages: Message[] = []
  const reading = (async () => {
    for await (const message of server) messages.push(message)
  })()
  await expect(reading).rejects.toMatchObject({ name: 'SocketClosedError', code: 'SOCKET_CLOSED' })
  expect(messages).toEqual(['one'])
  expect(await server.closed).toMatchObject({ code: 1006, clean: false, cause: 'peer-reset', initiator: 'remote' })
  expect(await client.closed).toMatchObject({ code: 1006, clean: false, cause: 'local-abort', initiator: 'local' })
})

test('leaving a loop loses nothing: the next one goes on', async () => {
  const { client, server } = socketPair()
  for (const text of ['a', 'b', 'c']) void client.send(text)
  expect(await collect(server, 1)).toEqual(['a'])
  expect(await collect(server, 2)).toEqual(['b', 'c'])
  expect(server.state).toBe('open')
})

test('two readers share the messages, and both end', async () => {
  const { client, server } = socketPair()
  const readers = [server[Symbol.asyncIterator](), server[Symbol.asyncIterator]()] as const
  const firsts = Promise.all(readers.map((reader) => reader.next()))
  void client.send('a')
  void client.send('b')
  expect(await firsts).toEqual([
    { done: false, value: 'a' },
    { done: false, value: 'b' },
  ])
  const lasts = Promise.all(readers.map((reader) => reader.next()))
  await client.close(1000)
  expect(await lasts).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ])
})

test('a ping is answered with its round trip, also with a payload of one’s own, in any order', async () => {
  const { client, server } = socketPair()
  const seen: [string, Uint8Array][] = []
  server.consume({
    message: () => undefined,
    closed: () => undefined,
    ping: (payload) => seen.push(['ping', payload]),
    pong: (payload) => seen.push(['pong', payload]),
  })
  const trips = await Promise.all([client.ping(), client.ping('mine'), client.ping()])
  for (const trip of trips) expect(trip).toBeGreaterThanOrEqual(0)
  client.pong('beat')
  await turn()
  expect(seen.map(([kind]) => kind)).toEqual(['ping', 'ping', 'ping', 'pong'])
  expect(seen[1]?.[1]).toEqual(new TextEncoder().encode('mine'))
  expect(seen[3]?.[1]).toEqual(new TextEncoder().encode('beat'))
  expect(seen[0]?.[1]).not.toEqual(seen[2]?.[1])
})

test('a ping that is never answered rejects when the socket closes', async () => {
  const { client, serverTransport } = socketPair()
  serverTransport.pause()
  const trip = client.ping()
  client.terminate()
  await expect(trip).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
})

test('send resolves at once while there is room, later when there is none, and rejects when the socket closes', async () => {
  const { client, serverTransport } = socketPair({ mark: 1000 })
  serverTransport.pause()
  await client.send('small')
  let resolved = false
  const slow = client.send('x'.repeat(2000)).finally(() => {
    resolved = true
  })
  await turn()
  expect(resolved).toBe(false)
  expect(client.bufferedBytes).toBeGreaterThan(2000)
  serverTransport.resume()
  await slow
  expect(client.bufferedBytes).toBe(0)

  serverTransport.pause()
  const lost = client.send('y'.repeat(2000))
  client.terminate()
  await expect(lost).rejects.toMatchObject({ code: 'SOCKET_CLOSED', closing: { cause: 'local-abort' } })
})

test('a rejection of send, or of ping, that nobody looks at is not an unhandled rejection', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  const { client, serverTransport } = socketPair({ mark: 10 })
  serverTransport.pause()
  void client.send('longer than the mark')
  void client.ping()
  client.terminate()
  void client.send('too late')
  void client.ping()
  await client.closed
  await turn()
  await turn()
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
})

test('what cannot be sent throws at once, with a code', () => {
  const { client } = socketPair()
  const odd: unknown = { a: 1 }
  expect(() => client.send(odd as string)).toThrow(expect.objectContaining({ code: 'DATA_TYPE' }))
  expect(() => client.send(null as unknown as string)).toThrow(expect.objectContaining({ code: 'DATA_TYPE' }))
  expect(() => client.ping(new Uint8Array(126))).toThrow(expect.objectContaining({ code: 'CONTROL_PAYLOAD_TOO_LONG' }))
  expect(() => client.close(1005)).toThrow(expect.objectContaining({ code: 'CLOSE_CODE_NOT_SENDABLE' }))
  expect(() => client.close(1000, 'é'.repeat(62))).toThrow(expect.objectContaining({ code: 'CLOSE_REASON_TOO_LONG' }))
  expect(() => client.close(undefined, 'why')).toThrow(expect.objectContaining({ code: 'CLOSE_REASON_WITHOUT_CODE' }))
  expect(client.state).toBe('open')
})

test('closing and sending on a closed socket: one is harmless, the other tells how it ended', async () => {
  const { client } = socketPair()
  await client.close(1000, 'bye')
  expect(await client.close(4000)).toMatchObject({ code: 1000, sent: { code: 1000, reason: 'bye' } })
  client.terminate()
  client.pong()
  await expect(client.send('x')).rejects.toThrow(/END_CLOSED, status code 1000/)
})

test('a full inbox stops the reading, and nothing is lost when somebody reads', async () => {
  const { client, server, clientTransport } = socketPair({ flow: { inboxBytes: 2000 } })
  const texts = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(100, '.'))
  for (const text of texts) void client.send(text)
  await turn()
  expect(clientTransport.queuedBytes).toBeGreaterThan(8000)
  expect(await collect(server, 100)).toEqual(texts)
})

test('close finishes while the inbox is full and nobody reads', async () => {
  const { client, server, clientTransport } = socketPair({ flow: { inboxBytes: 2000 } })
  for (let count = 0; count < 100; count += 1) void client.send('.'.repeat(100))
  await turn()
  expect(clientTransport.queuedBytes).toBeGreaterThan(0)
  expect(await server.close(1000)).toMatchObject({ clean: true })
})

test('close finishes from within a handler that waits for it', async () => {
  const { client, server } = socketPair()
  const closing = new Promise((resolve) => {
    server.consume({
      async message() {
        await server.close(4001)
      },
      closed: resolve,
    })
  })
  void client.send('close, please')
  expect(await closing).toMatchObject({ code: 4001, clean: true })
})

test('a peer that does not read what it asks for is not read from either', async () => {
  const { client, server, clientTransport } = socketPair({ mark: 1000, flow: { outputBytes: 5000 } })
  server.consume({
    message(data) {
      void server.send(data)
    },
    closed: () => undefined,
  })
  clientTransport.pause()
  for (let count = 0; count < 100; count += 1) void client.send('.'.repeat(1000))
  await turn()
  expect(server.bufferedBytes).toBeGreaterThan(4000)
  expect(server.bufferedBytes).toBeLessThan(7000)
  expect(clientTransport.queuedBytes).toBeGreaterThan(80_000)
  clientTransport.resume()
  expect(await collect(client, 100)).toHaveLength(100)
})

test('handlers get one message at a time, in order, and `closed` last', async () => {
  const { client, server } = socketPair()
  const story: string[] = []
  const finished = new Promise<void>((resolve) => {
    server.consume({
      async message(data) {
        story.push(`begin ${String(data)}`)
        await turn()
        story.push(`end ${String(data)}`)
      },
      closed() {
        story.push('closed')
        resolve()
      },
    })
  })
  for (const text of ['a', 'b', 'c']) void client.send(text)
  void client.close(1000)
  await finished
  expect(story).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c', 'closed'])
})

test('replies made while one chunk is read leave in one write', async () => {
  const [near, far] = memoryPair()
  const log = new TransportLog(near)
  const written: number[] = []
  const write = far.write.bind(far)
  let corked = 0
  far.cork = () => void (corked += 1)
  far.uncork = () => void (corked -= 1)
  far.write = (bytes) => {
    written.push(corked)
    return write(bytes)
  }
  const server = new Socket({
    role: 'server',
    transport: far,
    subprotocol: '',
    extensions: [],
    limits: defaultConnectionLimits,
    // Two masked text frames, "a" and "b", with the key 0 0 0 0.
    early: Uint8Array.of(0x81, 0x81, 0, 0, 0, 0, 0x61, 0x81, 0x81, 0, 0, 0, 0, 0x62),
  })
  server.consume({ message: (data) => void server.send(data), closed: () => undefined })
  await log.until('received')
  expect(written).toEqual([1, 1])
  expect(corked).toBe(0)
})

test.each(['throws', 'rejects'])(
  'a handler that %s closes with 1011, gets no more messages, and is told of the end',
  async (way) => {
    const { client, server } = socketPair()
    const error = new Error('from the handler')
    const failures: unknown[] = []
    let messages = 0
    const closing = new Promise((resolve) => {
      server.consume({
        message() {
          messages += 1
          if (way === 'throws') throw error
          return Promise.reject(error)
        },
        closed: resolve,
        failed: (failure) => failures.push(failure),
      })
    })
    void client.send('a')
    void client.send('b')
    expect(await closing).toMatchObject({ sent: { code: 1011 } })
    expect(await client.closed).toMatchObject({ code: 1011, clean: true })
    expect(failures).toEqual([error])
    expect(messages).toBe(1)
  },
)

test('without `failed`, a failing handler becomes a process warning', async () => {
  const { client, server } = socketPair()
  const warned = new Promise((resolve) => process.once('warning', resolve))
  server.consume({
    message() {
      throw new Error('unheard')
    },
    closed: () => undefined,
  })
  void client.send('a')
  expect(await warned).toMatchObject({ code: 'CENTOUNO_HANDLER_FAILED', message: expect.stringContaining('unheard') })
})

test('terminate from within a handler: `ended` is told at once, and `closed` when the handler has ended', async () => {
  const { client, server } = socketPair()
  const story: string[] = []
  const finished = new Promise<void>((resolve) => {
    server.consume({
      message() {
        server.terminate()
        story.push('message ends')
      },
      ended(closing) {
        story.push(`ended: ${closing.cause}`)
        throw new Error('as good as nothing')
      },
      failed(error) {
        story.push(String(error))
      },
      closed(closing) {
        story.push(`closed: ${closing.cause}`)
        resolve()
      },
    })
  })
  void client.send('a')
  void client.send('b')
  await finished
  expect(story).toEqual(['ended: local-abort', 'Error: as good as nothing', 'message ends', 'closed: local-abort'])
})

test('messages go to one place only', async () => {
  const { server, client } = socketPair()
  const consumer = { message: () => undefined, closed: () => undefined }
  server.consume(consumer)
  expect(() => server.consume(consumer)).toThrow(expect.objectContaining({ code: 'ALREADY_READ' }))
  await expect(server[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'ALREADY_READ' })
  const pending = client[Symbol.asyncIterator]().next()
  expect(() => client.consume(consumer)).toThrow(expect.objectContaining({ code: 'ALREADY_READ' }))
  await server.close(1000)
  expect(await pending).toMatchObject({ done: true })
})

test('a silent peer: close is bounded by closeTimeout', async () => {
  const { server, clock, toServer } = pair({ limits: { closeTimeout: 20 } })
  toServer.hold()
  const closing = server.close(1000)
  await clock.advance(19)
  expect(server.state).toBe('closing')
  await clock.advance(1)
  expect(await closing).toMatchObject({ code: 1006, clean: false, cause: 'close-timeout' })
})

test('asyncDispose closes with 1000', async () => {
  const { client, server } = socketPair()
  await client[Symbol.asyncDispose]()
  expect(await server.closed).toMatchObject({ code: 1000, clean: true })
})

test('a violation is answered with its status code, and told by name', async () => {
  const [near, far] = memoryPair()
  const log = new TransportLog(near)
  // An unmasked text frame from a client (RFC 6455 §5.1).
  const server = new Socket({
    role: 'server',
    transport: far,
    subprotocol: '',
    extensions: [],
    limits: defaultConnectionLimits,
    early: Uint8Array.of(0x81, 0x01, 0x61),
  })
  expect(server.state).toBe('open')
  await log.until('ended')
  expect(server.state).toBe('closing')
  near.finish()
  expect(await server.closed).toMatchObject({ cause: 'protocol-violation', violation: 'FRAME_UNMASKED' })
  // Close, 1002 (0x03 0xea).
  expect(log.bytes[0]).toBe(0x88)
  expect(log.bytes.slice(2, 4)).toEqual([0x03, 0xea])
})
