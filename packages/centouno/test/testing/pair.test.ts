import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '../../src/socket/inbox.ts'
import type { Socket } from '../../src/socket/socket.ts'
import { pair } from '../../src/testing/pair.ts'

async function collect(socket: Socket, into: Message[] = []): Promise<Message[]> {
  for await (const message of socket) into.push(message)
  return into
}

test('without latency, messages arrive and sockets close while the clock stands still', async () => {
  const { client, server, clock } = pair({ subprotocol: 'chat.v1' })
  const reading = collect(server)
  await client.send('hello')
  expect(await client.close(1000)).toMatchObject({ clean: true, code: 1000 })
  expect(await reading).toEqual(['hello'])
  expect(clock.now()).toBe(0)
  expect([client.subprotocol, server.subprotocol]).toEqual(['chat.v1', 'chat.v1'])
})

test('with latency, bytes arrive at their time and not before, each way its own', async () => {
  const { client, server, clock } = pair({ latency: { toServer: 30, toClient: 50 } })
  const seen: Message[] = []
  void collect(server, seen)
  await client.send('there')
  await clock.advance(29)
  expect(seen).toEqual([])
  await clock.advance(1)
  expect(seen).toEqual(['there'])
  const trip = client.ping()
  await clock.advance(80)
  expect(await trip).toBe(80)
})

test('a closing handshake takes a round trip, and then TCP ends', async () => {
  const { client, server, clock } = pair({ latency: 10 })
  const ends: string[] = []
  void client.closed.then(() => ends.push(`client ${clock.now()}`))
  void server.closed.then(() => ends.push(`server ${clock.now()}`))
  void client.close(1000)
  await clock.advance(100)
  expect(ends).toEqual(['client 30', 'server 30'])
})

test('the heartbeat runs on the clock, and finds a path that lets nothing through', async () => {
  const { client, server, clock, toClient } = pair({
    latency: 5,
    limits: { heartbeatInterval: 1_000, heartbeatTimeout: 200 },
  })
  await clock.advance(1_010)
  expect(client.latency).toBe(10)
  toClient.hold()
  await clock.advance(1_000)
  expect(client.state).toBe('open')
  await clock.advance(300)
  expect(await client.closed).toMatchObject({ cause: 'heartbeat-timeout', clean: false })
  await clock.advance(10_000)
  expect(server.state).toBe('closed')
})

test('a reset at any byte of a message: both ends are told, nothing arrives by halves', async () => {
  for (let at = 0; at <= 11; at += 1) {
    const { client, server, toServer } = pair()
    toServer.cutAfter(at, 'reset')
    const seen: Message[] = []
    const reading = collect(server, seen)
    // Two bytes of header, four of masking key, five of payload.
    void client.send('hello')
    expect(await client.closed).toMatchObject({ code: 1006, cause: 'peer-reset' })
    await expect(reading).rejects.toMatchObject({ code: 'SOCKET_CLOSED', closing: { cause: 'peer-reset' } })
    expect(seen).toEqual(at === 11 ? ['hello'] : [])
    expect(toServer.bytes).toBe(at)
  }
})

test('a FIN at any byte of a message ends both sides with peer-fin', async () => {
  for (let at = 0; at <= 11; at += 1) {
    const { client, server, toServer } = pair()
    toServer.cutAfter(at, 'fin')
    const seen: Message[] = []
    const reading = collect(server, seen)
    void client.send('hello')
    expect(await client.closed).toMatchObject({ code: 1006, cause: 'peer-fin' })
    await expect(reading).rejects.toMatchObject({ code: 'SOCKET_CLOSED', closing: { cause: 'peer-fin' } })
    expect(seen).toEqual(at === 11 ? ['hello'] : [])
  }
})

test('a network that is held takes what fits and then makes the sender wait', async () => {
  const { client, server, toServer, clock } = pair({ mark: 1_000 })
  toServer.hold()
  await client.send('x'.repeat(100))
  let sent = false
  const sending = client.send('y'.repeat(2_000)).finally(() => {
    sent = true
  })
  await clock.advance(0)
  expect([sent, client.writable]).toEqual([false, false])
  const reading = server[Symbol.asyncIterator]()
  toServer.release()
  await sending
  expect([(await reading.next()).value?.length, (await reading.next()).value?.length]).toEqual([100, 2_000])
  expect(client.writable).toBe(true)
})

test('any cuts, by size, by list or by seed, change nothing', async () => {
  const sizes = fc.oneof(
    fc.integer({ min: 1, max: 9 }),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
    fc.record({ seed: fc.integer(), most: fc.integer({ min: 1, max: 20 }) }),
  )
  await fc.assert(
    fc.asyncProperty(sizes, fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 }), async (chunks, texts) => {
      const { client, server } = pair({ chunks })
      const reading = collect(server)
      for (const text of texts) await client.send(text)
      await client.close(1000)
      expect(await reading).toEqual(texts)
    }),
    { numRuns: 100 },
  )
})

const odd = (value: unknown): never => value as never

test('options are checked', () => {
  expect(() => pair({ limits: odd({ messageByte: 1 }) })).toThrow(/There is no limit messageByte/)
  expect(() => pair({ client: { flow: odd({ inboxBytes: -1 }) } })).toThrow(/inboxBytes must be a number above zero/)
  expect(() => pair({ outgoing: odd({ policy: 'drop' }) })).toThrow(/outgoing.policy must be/)
  expect(() => pair({ outgoing: { bytes: 0 } })).toThrow(/outgoing.bytes must be/)
  expect(() => pair({ streamFrom: -1 })).toThrow(/streamFrom must be/)
})
