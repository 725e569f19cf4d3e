import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MessageStream } from '../../src/socket/message-stream.ts'
import type { Socket } from '../../src/socket/socket.ts'
import { pair } from '../../src/testing/pair.ts'

const nothing = (): void => undefined

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<number[]> {
  const bytes: number[] = []
  for await (const piece of stream) bytes.push(...piece)
  return bytes
}

async function nextStream(socket: Socket): Promise<MessageStream> {
  const { value } = await socket.streams().next()
  if (!value) throw new Error('no more messages')
  return value
}

const asText = (content: string): unknown => ['text', [...new TextEncoder().encode(content)]]

async function* silent(first: string): AsyncGenerator<string> {
  yield first
  await new Promise(nothing)
}

describe('by iteration', () => {
  test('messages of streamFrom bytes and more come while they arrive, shorter ones whole; all as streams', async () => {
    const { client, server } = pair({ server: { streamFrom: 5 } })
    await client.send('four')
    await client.send('five!')
    await client.send(Uint8Array.of(1, 2, 3, 4, 5, 6))
    await client.send('')
    const seen: unknown[] = []
    void client.close(1000)
    for await (const message of server.streams()) seen.push([message.kind, await bytesOf(message)])
    expect(seen).toEqual([asText('four'), asText('five!'), ['binary', [1, 2, 3, 4, 5, 6]], asText('')])
  })

  test('a piece can be read before the message has come to its end', async () => {
    const { client, server } = pair({ server: { streamFrom: 0 } })
    void client.sendStream(silent('beginning'))
    const reader = (await nextStream(server))[Symbol.asyncIterator]()
    expect(new TextDecoder().decode((await reader.next()).value)).toBe('beginning')
  })

  test('the next message throws away what was not read of the one before', async () => {
    const { client, server } = pair({ server: { streamFrom: 0 } })
    const streams = server.streams()
    await client.send('one')
    await client.send('two')
    const first = (await streams.next()).value
    const second = (await streams.next()).value
    expect(await second?.text()).toBe('two')
    await expect(first?.text()).rejects.toMatchObject({ code: 'STREAM_DISCARDED' })
  })

  test('a stream that nobody reads holds up the peer, not the memory', async () => {
    const { client, server, clock } = pair({ server: { streamFrom: 0 }, flow: { inboxBytes: 10_000 }, mark: 1_000 })
    let given = 0
    const sending = client.sendStream(
      (async function* () {
        for (; given < 1_000_000; given += 1_000) yield new Uint8Array(1_000)
      })(),
    )
    await clock.advance(0)
    expect(given).toBeLessThan(20_000)
    const stream = await nextStream(server)
    expect((await bytesOf(stream)).length).toBe(1_000_000)
    await sending
  })

  test('plain iteration of such a socket is refused, and so is a consumer that takes no streams', async () => {
    const { client, server } = pair({ streamFrom: 100 })
    await expect(server[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'STREAMS' })
    const consumer = { message: nothing, closed: nothing }
    expect(() => client.consume(consumer)).toThrow(expect.objectContaining({ code: 'STREAMS' }))
  })

  test('the end of the connection ends the iteration, and throws when it was not clean', async () => {
    const { client, server } = pair({ streamFrom: 0 })
    const streams = server.streams()
    const pending = streams.next()
    client.terminate()
    await expect(pending).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
    expect(await streams.return?.()).toEqual({ done: true, value: undefined })
  })
})

describe('as text, bytes and a web stream', () => {
  test('any text over any cut is collected whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.integer(), async (text, seed) => {
        const { client, server } = pair({ streamFrom: 0, chunks: { seed, most: 5 } })
        void client.send(text)
        expect(await (await nextStream(server)).text()).toBe(text)
      }),
      { numRuns: 100 },
    )
  })

  test('n bytes are collected, n + 1 are not, and the connection goes on', async () => {
    const { client, server } = pair({ server: { streamFrom: 0, limits: { messageBytes: 10 } } })
    for (let count = 0; count < 2; count += 1) await client.send(new Uint8Array(10))
    for (let count = 0; count < 2; count += 1) await client.send(new Uint8Array(11))
    await client.send('after')
    expect(await (await nextStream(server)).bytes()).toHaveLength(10)
    await expect((await nextStream(server)).bytes(9)).rejects.toMatchObject({ code: 'STREAM_OVER_LIMIT' })
    await expect((await nextStream(server)).bytes()).rejects.toMatchObject({ code: 'STREAM_OVER_LIMIT' })
    expect(await (await nextStream(server)).bytes(11)).toHaveLength(11)
    expect(await (await nextStream(server)).text()).toBe('after')
  })

  test('text() of a binary message is refused', async () => {
    const { client, server } = pair({ streamFrom: 0 })
    await client.send(Uint8Array.of(1))
    await expect((await nextStream(server)).text()).rejects.toMatchObject({ code: 'STREAM_NOT_TEXT' })
  })

  test('a web stream gives the pieces; cancelling it throws the rest away', async () => {
    const { client, server } = pair({ streamFrom: 0 })
    await client.send('web')
    await client.send('cancelled')
    await client.send('after')
    expect(await bytesOf((await nextStream(server)).stream)).toEqual([119, 101, 98])
    const second = await nextStream(server)
    expect(second.stream).toBe(second.stream)
    await second.stream.cancel()
    expect(await (await nextStream(server)).text()).toBe('after')
  })

  test('leaving a loop throws the rest away', async () => {
    const { client, server } = pair({ streamFrom: 0 })
    void client.sendStream(silent('beginning'))
    const stream = await nextStream(server)
    for await (const piece of stream) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
    await expect(stream.bytes()).rejects.toMatchObject({ code: 'STREAM_DISCARDED' })
  })
})

describe('by a handler', () => {
  test('it gets the long messages, `message` the others, one at a time and in order', async () => {
    const { client, server, clock } = pair({ server: { streamFrom: 10 } })
    const story: string[] = []
    server.consume({
      message: (data) => void story.push(`message ${String(data)}`),
      async stream(message) {
        story.push('stream begins')
        await turn()
        story.push(`stream ${await message.text()}`)
      },
      closed: () => void story.push('closed'),
    })
    void client.send('short')
    void client.send('long enough')
    void client.send('short 2')
    void client.close(1000)
    for (let count = 0; count < 5; count += 1) await clock.advance(0)
    expect(story).toEqual(['message short', 'stream begins', 'stream long enough', 'message short 2', 'closed'])
  })

  test('without `message`, it gets all of them', async () => {
    const { client, server, clock } = pair({ server: { streamFrom: 10 } })
    const story: string[] = []
    server.consume({ stream: async (message) => void story.push(await message.text()), closed: nothing })
    void client.send('short')
    void client.send('long enough')
    await clock.advance(0)
    expect(story).toEqual(['short', 'long enough'])
  })

  test('what is not read when its promise settles is thrown away; what is being read by then goes on', async () => {
    const { client, server, clock } = pair({ streamFrom: 0 })
    const kept: MessageStream[] = []
    const story: string[] = []
    server.consume({
      stream(message) {
        kept.push(message)
        if (kept.length === 2) void message.text().finally(() => story.push('second read'))
        if (kept.length === 3) story.push('third begins')
      },
      closed: nothing,
    })
    await client.send('one')
    await client.sendStream(
      (async function* () {
        yield 'tw'
        await turn()
        yield 'o'
      })(),
    )
    await client.send('three')
    await clock.advance(0)
    await expect(kept[0]?.text()).rejects.toMatchObject({ code: 'STREAM_DISCARDED' })
    expect(story.toSorted()).toEqual(['second read', 'third begins'])
  })

  test.each(['throws', 'rejects'])(
    'one that %s closes with 1011; the rest of its message goes nowhere',
    async (way) => {
      const { client, server } = pair({ streamFrom: 0 })
      const failures: unknown[] = []
      const error = new Error('from the handler')
      server.consume({
        stream() {
          if (way === 'throws') throw error
          return Promise.reject(error)
        },
        closed: nothing,
        failed: (failure) => void failures.push(failure),
      })
      const sending = client.sendStream(silent('beginning'))
      expect(await client.closed).toMatchObject({ code: 1011 })
      await expect(sending).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
      expect(failures).toEqual([error])
    },
  )

  test('`closed` is told when the connection is over, also to one that stopped reading half-way', async () => {
    const { client, server } = pair({ streamFrom: 0 })
    const closed = new Promise((resolve) => {
      server.consume({ stream: (message) => void message[Symbol.asyncIterator]().next(), closed: resolve })
    })
    void client.sendStream(
      (async function* () {
        yield 'a'
        await turn()
        yield 'b'
        await turn()
        yield 'c'
      })(),
    )
    await turn()
    await client.close(1000)
    expect(await closed).toMatchObject({ clean: true })
  })
})

describe('ends', () => {
  test.each(['close', 'terminate'] as const)(
    'a %s within a message: what came can be read, then it throws',
    async (end) => {
      const { client, server, clock } = pair({ streamFrom: 0 })
      void client.sendStream(silent('half'))
      const stream = await nextStream(server)
      await clock.advance(0)
      void client[end]()
      await server.closed
      const reader = stream[Symbol.asyncIterator]()
      expect(new TextDecoder().decode((await reader.next()).value)).toBe('half')
      await expect(reader.next()).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
    },
  )

  test('a reader that waits is told at once', async () => {
    const { client, server, clock } = pair({ streamFrom: 0 })
    void client.sendStream(silent('half'))
    const reading = (await nextStream(server)).text()
    await clock.advance(0)
    client.terminate()
    await expect(reading).rejects.toMatchObject({ code: 'SOCKET_CLOSED', closing: { cause: 'peer-reset' } })
  })

  test('H-SEC-05: longer than streamBytes: 1009, and the reader is told', async () => {
    const { client, server } = pair({ server: { streamFrom: 0, limits: { streamBytes: 1_000 } } })
    void client.sendStream(silent('x'.repeat(1_001)))
    expect(await client.closed).toMatchObject({ code: 1009 })
    expect(await server.closed).toMatchObject({ cause: 'over-limit', violation: 'STREAM_TOO_LONG' })
  })

  test('after `close` was called here, what has no room breaks off, and the closing handshake is finished', async () => {
    const { client, server, clock } = pair({ server: { streamFrom: 0, flow: { inboxBytes: 5_000 } }, chunks: 1_000 })
    const sending = client.send(new Uint8Array(100_000))
    const stream = await nextStream(server)
    await clock.advance(0)
    expect(await server.close(1000)).toMatchObject({ clean: true })
    await sending
    await expect(bytesOf(stream)).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
  })
})
