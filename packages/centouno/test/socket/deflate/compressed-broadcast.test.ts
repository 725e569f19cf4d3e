import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { WebSocket, type PerMessageDeflateOptions } from 'ws'
import { broadcast, connect, endpoint } from '../../../src/index.ts'
import { ContextPool } from '../../../src/socket/deflate/context-pool.ts'
import { PreparedMessage } from '../../../src/socket/deflate/prepared-message.ts'
import { serve, stopServing } from '../../support/serving.ts'

afterEach(stopServing)

const one = JSON.stringify({ type: 'one', text: 'the same words, and the same words again' })
const two = JSON.stringify({ type: 'two', text: 'the same words, and other words, again' })
const large = Array.from({ length: 40_000 }, (_, index) => `${index * 7919}`).join(',')

test('between messages of its own each peer reads what went to all, by its own parameters', async () => {
  const server = await serve(endpoint('/', {}), { compression: { threshold: 0 } })
  const theirs: (PerMessageDeflateOptions | false)[] = [
    {},
    { serverNoContextTakeover: true },
    { serverMaxWindowBits: 10 },
    false,
  ]
  const received: string[][] = theirs.map(() => [])
  const clients = theirs.map((perMessageDeflate) => new WebSocket(server.url, { perMessageDeflate }))
  for (const [index, client] of clients.entries()) {
    client.on('message', (data) => received[index]?.push(String(data)))
  }
  await Promise.all(clients.map((client) => once(client, 'open')))
  const ours = await connect(server.url, { compression: true })
  await expect.poll(() => server.sockets.size).toBe(5)
  const expected: string[] = []
  for (const [own, all] of [
    [one, two],
    [one, one],
    [two, large],
    [one, two],
    [two, ''],
    [one, two],
  ] as const) {
    for (const socket of server.sockets) {
      // The second goes by a context of the socket's own, which has not seen what went to all.
      void socket.send(own)
      void socket.send(own)
    }
    broadcast(server.sockets, all)
    expected.push(own, own, all)
  }
  const heard: unknown[] = []
  for await (const message of ours) if (heard.push(message) === expected.length) break
  expect(heard).toEqual(expected)
  await expect.poll(() => received.map((each) => each.length)).toEqual(theirs.map(() => expected.length))
  expect(received).toEqual(theirs.map(() => expected))
  for (const client of clients) client.terminate()
  ours.terminate()
})

test('it is compressed once for each shape, and not where that would be longer', () => {
  const message = new PreparedMessage(one.repeat(5), new ContextPool(() => 0))
  const shape = { windowBits: 12, memoryLevel: 4, level: 1 }
  const payload = message.payloadFor(shape)
  expect(payload?.length).toBeLessThan(message.bytes / 3)
  expect(message.payloadFor({ ...shape })).toBe(payload)
  expect(message.payloadFor({ ...shape, windowBits: 9 })).not.toBe(payload)
  expect(new PreparedMessage('short').payloadFor(shape)).toBeUndefined()
})
