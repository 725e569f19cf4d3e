import { expect, test } from 'vitest'
import { broadcast } from '../../src/socket/broadcast.ts'
import type { Message } from '../../src/socket/inbox.ts'
import type { Socket } from '../../src/socket/socket.ts'
import { SharedFrame } from '../../src/socket/shared-frame.ts'
import { socketPair } from '../support/socket-pair.ts'

async function* parts(): AsyncGenerator<string> {
  yield 'str'
  yield 'eam'
}

async function take(socket: Socket, count: number): Promise<Message[]> {
  const messages: Message[] = []
  for await (const message of socket) {
    messages.push(message)
    if (messages.length === count) break
  }
  return messages
}

test('every open socket gets every message, in order, text and binary; those that are closing are passed over', async () => {
  const pairs = Array.from({ length: 5 }, () => socketPair())
  const [closing] = pairs
  void closing?.server.close(1000)
  const servers = pairs.map(({ server }) => server)
  const bytes = Uint8Array.of(1, 2, 3)
  broadcast(servers, 'one')
  broadcast(servers, bytes)
  // Copied at once.
  bytes.fill(9)
  broadcast(new Set(servers), 'é')
  for (const { client } of pairs.slice(1)) {
    expect(await take(client, 3)).toEqual(['one', Uint8Array.of(1, 2, 3), 'é'])
  }
  expect(await closing?.client.closed).toMatchObject({ clean: true })
  for await (const message of closing?.client ?? []) expect(message).toBeUndefined()
})

test("clients may broadcast too: each frame is masked on its own, and the servers' get it", async () => {
  const pairs = [socketPair(), socketPair()]
  broadcast(
    pairs.map(({ client }) => client),
    'to servers',
  )
  for (const { server } of pairs) expect(await take(server, 1)).toEqual(['to servers'])
})

test('it stands in its place among other messages, streams included', async () => {
  const { server, client } = socketPair()
  void server.send('before')
  broadcast([server], 'between')
  void server.sendStream(parts())
  broadcast([server], 'after')
  expect(await take(client, 4)).toEqual(['before', 'between', 'stream', 'after'])
})

test('data of a wrong kind is told, and nothing is sent', () => {
  const { server } = socketPair()
  expect(() => broadcast([server], 7 as unknown as string)).toThrow(expect.objectContaining({ code: 'DATA_TYPE' }))
  expect(server.bufferedBytes).toBe(0)
})

test('the time is asked once for each clock', () => {
  let asked = 0
  const clock = { now: () => ++asked, set: () => undefined, clear: () => undefined }
  const frame = new SharedFrame('x')
  expect([frame.sentAt(clock), frame.sentAt(clock)]).toEqual([1, 1])
})
