import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import type { Message } from '../../src/socket/inbox.ts'
import type { Socket } from '../../src/socket/socket.ts'
import { pair } from '../../src/testing/pair.ts'

const nothing = (): void => undefined

async function collect(socket: Socket, into: Message[] = []): Promise<Message[]> {
  for await (const message of socket) into.push(message)
  return into
}

/** Text of 1,000 bytes that begins with its number. */
const numbered = (number: number): string => `${number}`.padEnd(1_000, '.')
const numberOf = (message: Message | undefined): number => Number.parseInt(String(message), 10)

describe('policy wait', () => {
  test('a producer that awaits never meets the budget, however slowly the peer reads', async () => {
    const { client, server } = pair({ mark: 100, outgoing: { bytes: 2_000 } })
    const reading = collect(server)
    for (let number = 0; number < 200; number += 1) await client.send(numbered(number))
    await client.close(1000)
    expect((await reading).map(numberOf)).toEqual(Array.from({ length: 200 }, (_, number) => number))
    expect(client.dropped).toBe(0)
  })

  test('one that does not is refused beyond the budget: nothing more is held, and it is told thrice', async () => {
    const { client, server, toServer } = pair({ mark: 100, outgoing: { bytes: 10_000 } })
    const dropped: number[] = []
    client.consume({ closed: nothing, dropped: (count) => void dropped.push(count) })
    toServer.hold()
    const results = Array.from({ length: 1_000 }, (_, number) => client.send(numbered(number)))
    const refused = (await Promise.allSettled(results.slice(20)))[0]
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'SEND_BUDGET_EXCEEDED', budget: 10_000 } })
    expect(client.bufferedBytes).toBeLessThan(11_200)
    expect(client.dropped).toBeGreaterThan(985)
    expect(dropped.reduce((sum, count) => sum + count, 0)).toBe(client.dropped)
    toServer.release()
    const reading = collect(server)
    await client.close(1000)
    // Those that were taken arrive, all of them and in order.
    expect((await reading).map(numberOf)).toEqual(Array.from({ length: 1_000 - client.dropped }, (_, number) => number))
  })

  test('a refusal that nobody looks at is no unhandled rejection', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const { client, toServer } = pair({ mark: 10, outgoing: { bytes: 100 } })
    toServer.hold()
    for (let count = 0; count < 10; count += 1) void client.send('.'.repeat(100))
    void client.ping()
    await turn()
    await turn()
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
    expect(client.dropped).toBeGreaterThan(0)
  })

  test('a flood of Pings and Pongs is bounded as well', async () => {
    const { client, toServer } = pair({ mark: 10, outgoing: { bytes: 1_000 } })
    toServer.hold()
    const trips = Array.from({ length: 1_000 }, () => client.ping('x'.repeat(100)))
    for (let count = 0; count < 1_000; count += 1) client.pong('x'.repeat(100))
    await expect(trips.at(-1)).rejects.toMatchObject({ code: 'SEND_BUDGET_EXCEEDED' })
    expect(client.bufferedBytes).toBeLessThan(1_200)
  })

  test('a message larger than the budget is sent when nothing waits', async () => {
    const { client, server } = pair({ outgoing: { bytes: 100 } })
    const reading = collect(server)
    await client.send('x'.repeat(50_000))
    await client.close(1000)
    expect((await reading)[0]).toHaveLength(50_000)
  })
})

describe('policy drop-oldest', () => {
  test('the newest arrive, in order; what is dropped is counted and told', async () => {
    const { client, server, toServer } = pair({ mark: 100, outgoing: { bytes: 20_000, policy: 'drop-oldest' } })
    let told = 0
    client.consume({ closed: nothing, dropped: (count) => void (told += count) })
    toServer.hold()
    for (let number = 0; number < 1_000; number += 1) void client.send(numbered(number))
    expect(client.bufferedBytes).toBeLessThan(21_200)
    toServer.release()
    const reading = collect(server)
    await client.close(1000)
    const arrived = (await reading).map(numberOf)
    expect(arrived.at(-1)).toBe(999)
    expect(arrived).toEqual(arrived.toSorted((one, other) => one - other))
    expect(arrived.length + client.dropped).toBe(1_000)
    expect(told).toBe(client.dropped)
    // The newest of them follow one another without a gap.
    const newest = arrived.slice(-8)
    expect(newest).toEqual(Array.from({ length: 8 }, (_, index) => 992 + index))
  })

  test('where the transport holds all that waits, the new message is kept and the one before it goes', async () => {
    const { client, server, toServer } = pair({ mark: 100, outgoing: { bytes: 1_000, policy: 'drop-oldest' } })
    toServer.hold()
    for (let number = 0; number < 10; number += 1) void client.send(numbered(number))
    toServer.release()
    const reading = collect(server)
    await client.close(1000)
    expect((await reading).map(numberOf)).toEqual([0, 9])
    expect(client.dropped).toBe(8)
  })

  test('a message that waits for a stream can be dropped, the stream cannot', async () => {
    const { client, server, clock } = pair({ outgoing: { bytes: 5_000, policy: 'drop-oldest' } })
    const reading = collect(server)
    let finish: () => void = nothing
    const streaming = client.sendStream(
      (async function* () {
        yield 'stream'
        await new Promise<void>((resolve) => {
          finish = resolve
        })
      })(),
    )
    await clock.advance(0)
    const sends = Array.from({ length: 10 }, (_, number) => client.send(numbered(number)))
    expect(client.dropped).toBeGreaterThan(5)
    finish()
    await streaming
    await Promise.all(sends)
    await client.close(1000)
    const [first, ...rest] = await reading
    expect(first).toBe('stream')
    expect(rest.map(numberOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].slice(client.dropped))
  })
})

describe('policy close', () => {
  test('a peer that does not read is let go with 1013, by name, and its queue with it', async () => {
    const { client, server, toServer, clock } = pair({
      mark: 100,
      outgoing: { bytes: 10_000, policy: 'close' },
      limits: { closeTimeout: 1_000 },
    })
    toServer.hold()
    const results = Array.from({ length: 100 }, (_, number) => client.send(numbered(number)))
    await expect(results.at(-1)).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
    expect(client.state).toBe('closing')
    expect(client.bufferedBytes).toBeLessThan(10_000)
    await clock.advance(1_000)
    expect(await client.closed).toMatchObject({
      cause: 'over-limit',
      violation: 'PEER_READS_TOO_SLOWLY',
      sent: { code: 1013 },
    })
    toServer.release()
    await clock.advance(0)
    expect(server.state).toBe('closed')
  })

  test('when it does read again, it finds the Close', async () => {
    const { client, server, toServer } = pair({ mark: 100, outgoing: { bytes: 10_000, policy: 'close' } })
    toServer.hold()
    for (let number = 0; number < 100; number += 1) void client.send(numbered(number))
    toServer.release()
    expect(await server.closed).toMatchObject({ code: 1013, received: { code: 1013 } })
    expect(await client.closed).toMatchObject({ cause: 'over-limit' })
  })
})

describe('reading and writing', () => {
  test('an answering handler that awaits nothing is not called while its answers are not read', async () => {
    const { client, server, toClient } = pair({ mark: 1_000, flow: { outputBytes: 50_000 } })
    let calls = 0
    server.consume({
      message() {
        calls += 1
        void server.send('x'.repeat(20_000))
      },
      closed: nothing,
    })
    toClient.hold()
    // All of them come in one piece: what stops the handler is not that reading stops.
    for (let count = 0; count < 200; count += 1) void client.send('please')
    await turn()
    await turn()
    expect(calls).toBeLessThan(8)
    expect(server.bufferedBytes).toBeLessThan(150_000)
    toClient.release()
    const reading = client[Symbol.asyncIterator]()
    for (let count = 0; count < 200; count += 1) expect((await reading.next()).value).toHaveLength(20_000)
    expect([calls, server.dropped]).toEqual([200, 0])
  })

  test('an iterating reader is not given more either, and gets all of it in the end', async () => {
    const { client, server, toClient } = pair({ mark: 1_000, flow: { outputBytes: 50_000 } })
    let taken = 0
    const serving = (async () => {
      for await (const message of server) {
        taken += 1
        void server.send(String(message).repeat(20_000))
      }
    })()
    toClient.hold()
    for (let count = 0; count < 50; count += 1) void client.send('x')
    await turn()
    await turn()
    expect(taken).toBeLessThan(10)
    toClient.release()
    const reading = client[Symbol.asyncIterator]()
    for (let count = 0; count < 50; count += 1) expect((await reading.next()).value).toHaveLength(20_000)
    await client.close(1000)
    await serving
    expect(taken).toBe(50)
  })

  test('two sides that each send one large message at the same time do not wait for each other for ever', async () => {
    const { client, server } = pair({ mark: 1_000, flow: { outputBytes: 50_000 } })
    const large = 'x'.repeat(900_000)
    const [atServer, atClient] = [server[Symbol.asyncIterator](), client[Symbol.asyncIterator]()]
    await Promise.all([client.send(large), server.send(large), atServer.next(), atClient.next()])
    expect([client.writable, server.writable]).toEqual([true, true])
  })

  test('what was sent before close arrives before the Close, also when it had to wait', async () => {
    const { client, server, toServer } = pair({ mark: 100 })
    toServer.hold()
    for (let number = 0; number < 500; number += 1) void client.send(numbered(number))
    const closing = client.close(4000, 'bye')
    expect(client.state).toBe('closing')
    toServer.release()
    expect((await collect(server)).map(numberOf)).toEqual(Array.from({ length: 500 }, (_, number) => number))
    expect(await closing).toMatchObject({ code: 4000, clean: true })
  })

  test('§5.5.2: a Ping is answered ahead of messages that wait', async () => {
    const { client, server, toServer, clock } = pair({ mark: 100, outgoing: { bytes: 1_000_000 } })
    const order: string[] = []
    server.consume({
      message: (data) => void order.push(`message ${numberOf(data)}`),
      pong: () => void order.push('pong'),
      closed: nothing,
    })
    toServer.hold()
    for (let number = 0; number < 300; number += 1) void client.send(numbered(number))
    const trip = server.ping()
    await clock.advance(0)
    toServer.release()
    await trip
    await clock.advance(0)
    expect(order).toHaveLength(301)
    expect(order.indexOf('pong')).toBeLessThan(200)
  })
})
