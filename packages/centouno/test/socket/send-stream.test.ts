import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Message } from '../../src/socket/inbox.ts'
import type { SocketData } from '../../src/socket/socket-arguments.ts'
import type { Socket } from '../../src/socket/socket.ts'
import { pair } from '../../src/testing/pair.ts'

const nothing = (): void => undefined

async function collect(socket: Socket, into: Message[] = []): Promise<Message[]> {
  for await (const message of socket) into.push(message)
  return into
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text with U+FFFD for each surrogate that stands alone. */
const wellFormed = (text: string): string => decoder.decode(new TextEncoder().encode(text))

async function* from(...chunks: SocketData[]): AsyncGenerator<SocketData> {
  yield* chunks
}

/** A source that gives what it is told to, when it is told to. */
function tap(): { source: AsyncGenerator<string>; give(chunk: string): void; end(): void; released: () => boolean } {
  const waiting: (string | undefined)[] = []
  let wake = nothing
  let released = false
  const source = (async function* () {
    try {
      for (;;) {
        while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve))
        const chunk = waiting.shift()
        if (chunk === undefined) return
        yield chunk
      }
    } finally {
      released = true
    }
  })()
  const push = (chunk: string | undefined): void => {
    waiting.push(chunk)
    wake()
  }
  return { source, give: push, end: () => push(undefined), released: () => released }
}

test('chunks of every kind of source make one message', async () => {
  const { client, server } = pair()
  const reading = collect(server)
  await client.sendStream(from('one ', 'two ', 'thrée'))
  await client.sendStream(
    from(Uint8Array.of(1, 2), Uint8Array.of(3).buffer, new DataView(Uint8Array.of(0, 4).buffer, 1)),
  )
  await client.sendStream(Readable.from([Buffer.from('node')]))
  await client.sendStream(new Blob(['web']).stream() as ReadableStream<Uint8Array>)
  await client.sendStream(from())
  await client.sendStream(from(new TextEncoder().encode('as text')), { kind: 'text' })
  await client.sendStream(from('x'.repeat(200_000)))
  await client.close(1000)
  expect(await reading).toEqual([
    'one two thrée',
    Uint8Array.of(1, 2, 3, 4),
    new TextEncoder().encode('node'),
    new TextEncoder().encode('web'),
    new Uint8Array(0),
    'as text',
    'x'.repeat(200_000),
  ])
})

test('any chunks over any cut arrive as one text, between others in the order of the calls', async () => {
  const chunk = fc.string({ unit: 'binary', maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(chunk, fc.array(chunk, { minLength: 1, maxLength: 5 })), { maxLength: 8 }),
      fc.integer(),
      async (messages, seed) => {
        const { client, server } = pair({ chunks: { seed }, mark: 50 })
        const reading = collect(server)
        const sending = messages.map((message) =>
          typeof message === 'string' ? client.send(message) : client.sendStream(from(...message)),
        )
        await Promise.all(sending)
        await client.close(1000)
        const whole = messages.map((message) => (typeof message === 'string' ? message : message.join('')))
        // What UTF-8 cannot express arrives as U+FFFD, in a stream as in one piece.
        expect(await reading).toEqual(whole.map(wellFormed))
      },
    ),
    { numRuns: 100 },
  )
})

test('the source is asked for more only as fast as the peer reads', async () => {
  const { client, toServer } = pair({ mark: 10_000 })
  let asked = 0
  toServer.hold()
  const sending = client.sendStream(
    (async function* () {
      for (; asked < 1_000; asked += 1) yield new Uint8Array(4_000)
    })(),
  )
  await turn()
  await turn()
  expect(asked).toBeLessThan(5)
  expect(client.bufferedBytes).toBeLessThan(20_000)
  client.terminate()
  await expect(sending).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
})

test('other messages wait, Pings and Pongs go in between', async () => {
  const { client, server, clock } = pair()
  const order: string[] = []
  server.consume({
    message: (data) => void order.push(String(data)),
    ping: () => void order.push('ping'),
    closed: nothing,
  })
  const { source, give, end } = tap()
  const streaming = client.sendStream(source)
  give('first ')
  await clock.advance(0)
  expect(client.writable).toBe(false)
  let sent = false
  const sending = client.send('second').finally(() => {
    sent = true
  })
  expect(await client.ping()).toBe(0)
  expect(await server.ping()).toBe(0)
  expect([order, sent]).toEqual([['ping'], false])
  give('half')
  end()
  await Promise.all([streaming, sending])
  await clock.advance(0)
  expect(order).toEqual(['ping', 'first half', 'second'])
  expect(client.writable).toBe(true)
})

test('what waits for a stream counts towards the budget', async () => {
  const { client, clock } = pair({ outgoing: { bytes: 10_000 } })
  const { source } = tap()
  void client.sendStream(source)
  await clock.advance(0)
  const sends = Array.from({ length: 100 }, () => client.send('x'.repeat(500)))
  await expect(sends.at(-1)).rejects.toMatchObject({ code: 'SEND_BUDGET_EXCEEDED' })
  await expect(client.sendStream(from('x'))).rejects.toMatchObject({ code: 'SEND_BUDGET_EXCEEDED' })
  expect(client.bufferedBytes).toBeLessThan(12_000)
})

test('bytes given to `send` may be used again at once, also while it waits for a stream', async () => {
  const { client, server, clock } = pair()
  const reading = collect(server)
  const { source, end } = tap()
  const streaming = client.sendStream(source)
  await clock.advance(0)
  const bytes = Uint8Array.of(1, 2, 3)
  const sending = client.send(bytes)
  bytes.fill(9)
  end()
  await Promise.all([streaming, sending])
  await client.close(1000)
  expect(await reading).toEqual([new Uint8Array(0), Uint8Array.of(1, 2, 3)])
})

test('a source that fails before its first chunk harms nothing', async () => {
  const { client, server } = pair()
  const reading = collect(server)
  const error = new Error('no such file')
  const failing = client.sendStream(
    (async function* (): AsyncGenerator<string> {
      if (error.message !== '') throw error
      yield 'never'
    })(),
  )
  const sending = client.send('after')
  await expect(failing).rejects.toBe(error)
  await sending
  expect(client.state).toBe('open')
  await client.close(1000)
  expect(await reading).toEqual(['after'])
})

test('a source that fails within its message closes the socket with 1011; nothing arrives by halves', async () => {
  const { client, server } = pair()
  const reading = collect(server)
  const error = new Error('disk gone')
  const failing = client.sendStream(
    (async function* () {
      yield 'half'
      throw error
    })(),
  )
  const waiting = client.send('after')
  await expect(failing).rejects.toBe(error)
  await expect(waiting).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
  expect(await server.closed).toMatchObject({ code: 1011, reason: 'a message could not be sent to its end' })
  expect(await reading).toEqual([])
})

test('a chunk that is no text and no bytes, or no UTF-8 in a text, is a failure of the source', async () => {
  for (const [chunk, code] of [
    [7, 'DATA_TYPE'],
    [Uint8Array.of(0xff), 'TEXT_NOT_UTF8'],
  ] as const) {
    const { client } = pair()
    const released = vi.fn()
    const sending = client.sendStream(
      (async function* () {
        try {
          yield 'text'
          yield chunk as Uint8Array
        } finally {
          released()
        }
      })(),
    )
    await expect(sending).rejects.toMatchObject({ code })
    expect(await client.closed).toMatchObject({ sent: { code: 1011 } })
    expect(released).toHaveBeenCalledOnce()
  }
})

test('close does not wait for a stream: it is cut off, and its source is released', async () => {
  const { client, server, clock } = pair()
  const { source, give, released } = tap()
  const streaming = client.sendStream(source)
  give('half')
  await clock.advance(0)
  const waiting = client.send('behind')
  const second = client.sendStream(from('behind as well'))
  expect(await client.close(4000)).toMatchObject({ clean: true, code: 4000 })
  for (const each of [streaming, waiting, second]) await expect(each).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
  expect(await server.closed).toMatchObject({ code: 4000, clean: true })
  give('wakes the source, which finds that it is released')
  await clock.advance(0)
  expect(released()).toBe(true)
})

test('a Close of the peer and a reset end a stream at once, also one whose source is silent', async () => {
  for (const end of ['close', 'terminate'] as const) {
    const { client, server, clock } = pair()
    const { source, give } = tap()
    const streaming = client.sendStream(source)
    give('half')
    await clock.advance(0)
    void server[end]()
    await expect(streaming).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
  }
})

test('abort by signal: before, while waiting, before the first chunk, and within', async () => {
  const reason = new Error('not needed any more')
  const { client, server, clock } = pair()
  const reading = collect(server)
  await expect(client.sendStream(from('x'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)

  const [first, second, third] = [tap(), new AbortController(), new AbortController()]
  const streaming = client.sendStream(first.source, { signal: third.signal })
  const waiting = client.sendStream(from('never'), { signal: second.signal })
  const behind = client.send('behind')
  second.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  third.abort(reason)
  await expect(streaming).rejects.toBe(reason)
  await behind
  expect(client.state).toBe('open')

  const fourth = new AbortController()
  const { source, give } = tap()
  const broken = client.sendStream(source, { signal: fourth.signal })
  give('half')
  await clock.advance(0)
  fourth.abort(reason)
  await expect(broken).rejects.toBe(reason)
  expect(await client.closed).toMatchObject({ sent: { code: 1011 } })
  expect(await reading).toEqual(['behind'])
})

test('a failure that nobody looks at is no unhandled rejection', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  const { client } = pair()
  void client.sendStream(
    (async function* () {
      yield 'half'
      throw new Error('unheard')
    })(),
  )
  await client.closed
  void client.sendStream(from('late'))
  await turn()
  await turn()
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
})

test('what is no async iterable is refused at once, and a closed socket rejects', async () => {
  const { client } = pair()
  for (const odd of ['text', ['chunks'], null, undefined]) {
    expect(() => client.sendStream(odd as never)).toThrow(expect.objectContaining({ code: 'SOURCE_TYPE' }))
  }
  await client.close(1000)
  await expect(client.sendStream(from('x'))).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
})
