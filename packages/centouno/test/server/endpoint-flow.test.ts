import { expect, test } from 'vitest'
import { connect, endpoint, listen, type Message } from '../../src/index.ts'
import { checkFlow, socketFlow } from '../../src/server/endpoint-flow.ts'
import { defaultOutgoingBudget } from '../../src/socket/outgoing-budget.ts'

const handler = (): void => undefined

test('which messages are streams follows from the handlers, unless streamFrom says it', () => {
  expect(socketFlow({ message: handler }, 100).streamFrom).toBeUndefined()
  expect(socketFlow({}, 100).streamFrom).toBeUndefined()
  expect(socketFlow({ stream: handler }, 100).streamFrom).toBe(0)
  expect(socketFlow({ stream: handler, message: handler }, 100).streamFrom).toBe(101)
  expect(socketFlow({ stream: handler, message: handler, streamFrom: 7 }, 100).streamFrom).toBe(7)
  expect(socketFlow({ streamFrom: 7 }, 100).streamFrom).toBe(7)
})

test('the outgoing budget has defaults for what is not given', () => {
  expect(socketFlow({}, 100).outgoing).toEqual(defaultOutgoingBudget)
  expect(socketFlow({ outgoing: { policy: 'close' } }, 100).outgoing).toEqual({
    ...defaultOutgoingBudget,
    policy: 'close',
  })
})

test('a declaration that cannot be kept is refused where it is made', () => {
  const refused = expect.objectContaining({ name: 'ServerInputError', code: 'LIMIT' })
  const odd = 'throw away' as 'wait'
  expect(() => endpoint('/', { outgoing: { policy: odd } })).toThrow(refused)
  expect(() => endpoint('/', { outgoing: { bytes: Number.NaN } })).toThrow(refused)
  expect(() => endpoint('/', { stream: handler, streamFrom: -1 })).toThrow(refused)
  expect(() => endpoint('/', { message: handler, streamFrom: 10 })).toThrow(refused)
  expect(() => checkFlow({ streamFrom: 10 })).not.toThrow()
})

test('short messages go to `message`, those that are too long for it to `stream`; a client sees streams as well', async () => {
  const seen: string[] = []
  const echo = endpoint('/', {
    async message(socket, data: Message) {
      seen.push(`message of ${data.length}`)
      await socket.send(data)
    },
    async stream(socket, message) {
      seen.push('stream')
      await socket.sendStream(message, { kind: message.kind })
    },
  })
  await using server = await listen({ port: 0, host: '127.0.0.1', limits: { messageBytes: 1_000 } }, echo)
  await using client = await connect(`ws://127.0.0.1:${server.port}/`, { streamFrom: 0 })
  const streams = client.streams()
  await client.send('x'.repeat(1_000))
  await client.send('y'.repeat(100_001))
  const first = (await streams.next()).value
  expect(await first?.text()).toBe('x'.repeat(1_000))
  const second = (await streams.next()).value
  expect([second?.kind, await second?.text()]).toEqual(['text', 'y'.repeat(100_001)])
  expect(seen).toEqual(['message of 1000', 'stream'])
})

test('a client that does not read: what is dropped is told to the handler', async () => {
  const told: number[] = []
  const ticker = endpoint('/', {
    outgoing: { bytes: 100_000, policy: 'drop-oldest' },
    open(socket) {
      // More than the system takes for a peer that does not read.
      for (let count = 0; count < 1_000; count += 1) void socket.send('x'.repeat(100_000))
    },
    dropped: (_socket, count) => void told.push(count),
  })
  await using server = await listen({ port: 0, host: '127.0.0.1' }, ticker)
  const client = await connect(`ws://127.0.0.1:${server.port}/`)
  await expect.poll(() => told.length).toBeGreaterThan(0)
  client.terminate()
})

test('a client is told of options that cannot be kept before anything is sent', async () => {
  const url = 'ws://127.0.0.1:1/'
  await expect(connect(url, { streamFrom: -1 })).rejects.toMatchObject({ code: 'OPTIONS_INVALID' })
  await expect(connect(url, { outgoing: { bytes: 0 } })).rejects.toMatchObject({ code: 'OPTIONS_INVALID' })
})
