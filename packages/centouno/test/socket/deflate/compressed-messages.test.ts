import { randomBytes } from 'node:crypto'
import { constants, deflateRaw, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeflateParameters } from '../../../src/protocol/deflate/parameters.ts'
import type { Closing } from '../../../src/protocol/connection/closing.ts'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { defaultCompression, type CompressionOptions } from '../../../src/socket/deflate/compression-options.ts'
import { processCompression } from '../../../src/socket/deflate/compression-budget.ts'
import type { Message } from '../../../src/socket/inbox.ts'
import { Socket, type SocketOptions } from '../../../src/socket/socket.ts'
import { memoryPair, type MemoryTransport } from '../../../src/transport/memory-pair.ts'
import { clientFrame, hex, join, utf8 } from '../../protocol/wire.ts'

/** Sockets that have agreed on permessage-deflate, as their applications see it. */

const full: DeflateParameters = {
  serverTakeover: true,
  clientTakeover: true,
  serverWindowBits: 15,
  clientWindowBits: 15,
}

interface Setting {
  readonly parameters?: Partial<DeflateParameters>
  readonly compression?: Partial<CompressionOptions>
  readonly server?: Partial<SocketOptions>
  readonly chunkBytes?: () => number
}

function sockets(setting: Setting = {}): {
  client: Socket
  server: Socket
  fromClient: MemoryTransport
  fromServer: MemoryTransport
} {
  const [fromClient, fromServer] = memoryPair(setting.chunkBytes ? { chunkBytes: setting.chunkBytes } : {})
  const parameters = { ...full, ...setting.parameters }
  const shared = {
    subprotocol: '',
    extensions: [],
    early: new Uint8Array(0),
    limits: defaultConnectionLimits,
    compression: { parameters, options: { ...defaultCompression, threshold: 0, ...setting.compression } },
  }
  return {
    client: new Socket({ ...shared, role: 'client', transport: fromClient }),
    server: new Socket({ ...shared, role: 'server', transport: fromServer, ...setting.server }),
    fromClient,
    fromServer,
  }
}

async function taken(socket: Socket, count: number): Promise<Message[]> {
  const messages: Message[] = []
  for await (const message of socket) {
    messages.push(message)
    if (messages.length === count) break
  }
  return messages
}

/** The text `Hello` as each vector of RFC 7692 §7.2.3 has it, one message each. */
const hello = {
  '§7.2.3.1, one block': hex('f2 48 cd c9 c9 07 00'),
  '§7.2.3.3, a block without compression': hex('00 05 00 fa ff 48 65 6c 6c 6f 00'),
  '§7.2.3.4, a final block': hex('f3 48 cd c9 c9 07 00 00'),
  '§7.2.3.5, two blocks': hex('f2 48 05 00 00 00 ff ff ca c9 c9 07 00'),
}

const compressed = { rsv: 4 }

describe('RFC 7692 §7.2.3, its examples', () => {
  test.each(Object.entries(hello))('%s', async (_name, payload) => {
    const { server, fromClient } = sockets()
    fromClient.write(clientFrame(1, payload, compressed))
    expect(await taken(server, 1)).toEqual(['Hello'])
    // Whatever came before, the next one is read: a final block ends nothing but itself.
    fromClient.write(clientFrame(1, payload, compressed))
    expect(await taken(server, 1)).toEqual(['Hello'])
    server.terminate()
  })

  test('§7.2.3.1, in two frames, a Ping in between', async () => {
    const { server, fromClient } = sockets()
    fromClient.write(clientFrame(1, hex('f2 48 cd'), { ...compressed, fin: false }))
    fromClient.write(clientFrame(9, 'x'))
    fromClient.write(clientFrame(0, hex('c9 c9 07 00')))
    expect(await taken(server, 1)).toEqual(['Hello'])
    server.terminate()
  })

  test('§7.2.3.2, the second message is made of the first', async () => {
    const { server, fromClient } = sockets()
    fromClient.write(clientFrame(1, hex('f2 48 cd c9 c9 07 00'), compressed))
    fromClient.write(clientFrame(1, 'not compressed, and no part of the window'))
    fromClient.write(clientFrame(1, hex('f2 00 11 00 00'), compressed))
    expect(await taken(server, 3)).toEqual(['Hello', 'not compressed, and no part of the window', 'Hello'])
    server.terminate()
  })

  test('§7.2.3.2, without takeover it points to what is not there', async () => {
    const { server, fromClient } = sockets({ parameters: { clientTakeover: false } })
    fromClient.write(clientFrame(1, hex('f2 48 cd c9 c9 07 00'), compressed))
    fromClient.write(clientFrame(1, hex('f2 00 11 00 00'), compressed))
    expect(await taken(server, 1)).toEqual(['Hello'])
    expect(await server.closed).toMatchObject({ violation: 'DEFLATE_CORRUPT', sent: { code: 1007 } })
  })

  test('§7.2.3.6, an empty message, and one whose last fragment is empty', async () => {
    const { server, fromClient } = sockets()
    fromClient.write(clientFrame(1, hex('00'), compressed))
    fromClient.write(clientFrame(2, hex('f2 48 cd c9 c9 07'), { ...compressed, fin: false }))
    fromClient.write(clientFrame(0, hex('00')))
    expect(await taken(server, 2)).toEqual(['', utf8('Hello')])
    server.terminate()
  })
})

describe('what is no message', () => {
  test.each([
    [
      'RSV1 on a continuation frame',
      [clientFrame(1, 'a', { ...compressed, fin: false }), clientFrame(0, 'b', compressed)],
    ],
    ['RSV1 on a Ping', [clientFrame(9, 'a', compressed)]],
    ['RSV1 on a Close', [clientFrame(8, hex('03 e8'), compressed)]],
  ])('%s', async (_name, frames) => {
    const { server, fromClient } = sockets()
    for (const frame of frames) fromClient.write(frame)
    expect(await server.closed).toMatchObject({ violation: 'DEFLATE_BIT_MISPLACED', sent: { code: 1002 } })
  })

  test.each([
    ['RSV2', 2],
    ['RSV3', 1],
    ['RSV1 and RSV2', 6],
  ])('%s is as reserved as ever', async (_name, rsv) => {
    const { server, fromClient } = sockets()
    fromClient.write(clientFrame(1, 'a', { rsv }))
    expect(await server.closed).toMatchObject({ violation: 'FRAME_RESERVED_BITS' })
  })

  test('a compressed message within another, and the other way round', async () => {
    for (const [first, second] of [
      [compressed, {}],
      [{}, compressed],
      [compressed, compressed],
    ]) {
      const { server, fromClient } = sockets()
      fromClient.write(clientFrame(1, hex('f2'), { ...first, fin: false }))
      fromClient.write(clientFrame(1, hex('f2'), second))
      expect(await server.closed).toMatchObject({ violation: 'MESSAGE_INTERRUPTED' })
    }
  })

  test('a text that is no UTF-8 once it is inflated', async () => {
    const { server, fromClient } = sockets()
    const payload = deflateRawSync(hex('c3 28'), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
    fromClient.write(clientFrame(1, payload, compressed))
    expect(await server.closed).toMatchObject({ violation: 'TEXT_NOT_UTF8' })
  })

  test('garbage is a message or ends the connection, and nothing else', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), messageOrEnd), { numRuns: 200 })
  })

  test('final blocks without end are cut short: two bytes each, they would cost a fresh start each', async () => {
    const { server, fromClient } = sockets()
    const blocks = new Uint8Array(20_000).map((_, index) => (index % 2 === 0 ? 0x03 : 0x00))
    fromClient.write(clientFrame(2, blocks, compressed))
    expect(await server.closed).toMatchObject({ violation: 'DEFLATE_CORRUPT' })
  })
})

/** `count` zeros, compressed as well as can be. */
function bomb(count: number): Uint8Array {
  const flush = { finishFlush: constants.Z_SYNC_FLUSH, level: 9 }
  return deflateRawSync(new Uint8Array(count), flush).subarray(0, -4)
}

describe('limits count what a message comes to', () => {
  test.each([100, 300_000])('n = %i passes, n + 1 does not', async (messageBytes) => {
    const limits = { ...defaultConnectionLimits, messageBytes }
    const { server, fromClient } = sockets({ server: { limits } })
    fromClient.write(clientFrame(2, bomb(messageBytes), compressed))
    const [message] = await taken(server, 1)
    expect(message).toHaveLength(messageBytes)
    fromClient.write(clientFrame(2, bomb(messageBytes + 1), compressed))
    const { violation, sent } = await server.closed
    expect(violation).toBe('MESSAGE_TOO_LONG')
    expect(sent).toMatchObject({ code: 1009, reason: expect.stringContaining('limit messageBytes') })
  })

  test('of incompressible bytes n pass as well, though they are longer on the wire', async () => {
    const messageBytes = 70_000
    const noise = randomBytes(messageBytes)
    const limits = { ...defaultConnectionLimits, messageBytes }
    const { server, fromClient } = sockets({ server: { limits } })
    const payload = deflateRawSync(noise, { finishFlush: constants.Z_SYNC_FLUSH, memLevel: 1 }).subarray(0, -4)
    fromClient.write(clientFrame(2, payload, compressed))
    const [message] = await taken(server, 1)
    expect(Buffer.compare(message as Uint8Array, noise)).toBe(0)
    fromClient.write(clientFrame(2, new Uint8Array(messageBytes + messageBytes / 10), compressed))
    expect(await server.closed).toMatchObject({ violation: 'MESSAGE_TOO_LONG' })
  })
})

describe('while a message is being inflated on the thread pool', () => {
  const large = 1024 * 1024

  /** Calls `act` at such a time. Tells what has been delivered in the end, and how it ended. */
  async function meanwhile(
    act: (server: Socket, fromClient: MemoryTransport) => void,
  ): Promise<[lengths: number[], closing: Closing]> {
    const { server, fromClient } = sockets()
    const lengths: number[] = []
    const message = (data: Message): void => {
      lengths.push(data.length)
      // In this turn the chunk is read to its end, and nothing comes back from the thread pool.
      if (data === 'first') queueMicrotask(() => act(server, fromClient))
    }
    server.consume({ message, closed: () => undefined })
    fromClient.write(join(clientFrame(1, 'first'), clientFrame(2, bomb(large), compressed)))
    return [lengths, await server.closed]
  }

  test('a close goes out at once; the message and the peer’s Close come after', async () => {
    const [lengths, closing] = await meanwhile((server) => {
      void server.close(1000)
      expect(server.state).toBe('closing')
    })
    expect(lengths).toEqual([5, large])
    expect(closing).toMatchObject({ clean: true, cause: 'closing-handshake', initiator: 'local' })
  })

  test('what the peer sends after it waits: a message, a Close, its FIN', async () => {
    const [lengths, closing] = await meanwhile((_server, fromClient) => {
      fromClient.write(clientFrame(1, 'last'))
      fromClient.write(clientFrame(8, hex('03 e8')))
      fromClient.finish()
    })
    expect(lengths).toEqual([5, large, 4])
    expect(closing).toMatchObject({ clean: true, initiator: 'remote', received: { code: 1000 } })
  })

  test('an end that waits for nobody leaves nothing behind', async () => {
    const [lengths, closing] = await meanwhile((server) => server.terminate())
    expect(closing).toMatchObject({ cause: 'local-abort' })
    // Longer than what was begun can take: it stands behind it on the thread pool.
    await new Promise((resolve) => {
      deflateRaw(new Uint8Array(4 * large), resolve)
    })
    expect(lengths).toEqual([5])
  })
})

describe('both ways', () => {
  const anyMessage = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.repeat(5)),
    fc.uint8Array({ maxLength: 300 }),
    // Beyond what is compressed and inflated at once.
    fc.constantFrom('text, text, '.repeat(10_000), new Uint8Array(300_000)),
  )
  const sent = fc.record({ message: anyMessage, compress: fc.constantFrom(undefined, true, false) })
  const bits = fc.integer({ min: 8, max: 15 })
  const parameters = fc.record({
    serverTakeover: fc.boolean(),
    clientTakeover: fc.boolean(),
    serverWindowBits: bits,
    clientWindowBits: bits,
  })

  test('any messages, parameters and cuts: what arrives is what was sent, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(sent, { minLength: 1, maxLength: 8 }),
        parameters,
        fc.constantFrom(1, 7, 1000, 100_000),
        fc.constantFrom<'client' | 'server'>('client', 'server'),
        async (messages, agreed, chunkBytes, from) => {
          const cut = messages.some((each) => each.message.length > 1000) ? Math.max(chunkBytes, 1000) : chunkBytes
          const pair = sockets({ parameters: agreed, chunkBytes: () => cut })
          const to = from === 'client' ? pair.server : pair.client
          for (const each of messages) void pair[from].send(each.message, { compress: each.compress })
          // It stands behind all of them, those that are still being compressed too.
          void pair[from].close(1000)
          const arrived: Message[] = []
          for await (const each of to) arrived.push(each)
          expect(arrived.map(comparable)).toEqual(messages.map((each) => comparable(each.message)))
          expect(await pair[from].closed).toMatchObject({ clean: true, violation: undefined })
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a message that repeats one before is smaller with takeover, and not without', async () => {
    const [first = 0, , third = 0, fourth = 0] = await sizes(true)
    expect([third < first / 4, fourth < first / 4]).toEqual([true, true])
    expect(new Set(await sizes(false)).size).toBe(1)
  })

  test('contexts come with the messages, are taken away at any time, and that changes nothing', async () => {
    const { client, server } = sockets()
    const { budget } = processCompression
    const line = JSON.stringify({ words: 'the same words in every message', and: 'some that are not' })
    const large = randomBytes(150_000).toString('hex')
    const texts = Array.from({ length: 60 }, (_, index) => (index === 40 ? large : line.repeat(12) + index))
    const counts: number[] = []
    const echoes: Message[] = []
    server.consume({ message: (message) => server.send(message), closed: () => undefined })
    for (const message of texts) {
      void client.send(message)
      echoes.push(...(await taken(client, 1)))
      counts.push(processCompression.contextCount)
      if (counts.length % 20 === 0) processCompression.budget = 0
      processCompression.budget = budget
    }
    expect(echoes).toEqual(texts)
    // Two that compress from the second message on, and two that inflate once there is something to keep.
    expect([...new Set(counts)].toSorted()).toEqual([0, 2, 4])
    expect(processCompression.contextCount).toBe(0)
    client.terminate()
    server.terminate()
  })

  test('what is dropped before it leaves is nothing that later messages need', async () => {
    const outgoing = { bytes: 4000, policy: 'drop-oldest' } as const
    const { client, server, fromClient } = sockets({ server: { outgoing } })
    const arrived: Message[] = []
    client.consume({ message: (message) => void arrived.push(message), closed: () => undefined })
    const texts = Array.from({ length: 60 }, (_, index) => `${index}: ${randomBytes(300).toString('base64')}`.repeat(2))
    // A context of its own from the second on, and the transport still takes what is sent.
    for (const text of texts.slice(0, 3)) await server.send(text)
    fromClient.pause()
    for (const text of texts.slice(3)) void server.send(text)
    expect(server.dropped).toBeGreaterThan(5)
    fromClient.resume()
    await server.send(texts[0] ?? '')
    await server.send(texts[0] ?? '')
    await server.close(1000)
    expect(await client.closed).toMatchObject({ clean: true, violation: undefined })
    expect(arrived.filter((each) => !texts.includes(each as string))).toEqual([])
    expect(arrived).toHaveLength(texts.length + 2 - server.dropped)
  })
})

function comparable(message: Message): string {
  return typeof message === 'string' ? `text ${message}` : `bytes ${Buffer.from(message).toString('base64')}`
}

/** Sends a payload of any bytes as a compressed message. */
async function messageOrEnd(payload: Uint8Array): Promise<void> {
  const { server, fromClient } = sockets()
  fromClient.write(clientFrame(2, payload, compressed))
  fromClient.write(clientFrame(8, hex('03 e8')))
  const messages: unknown[] = []
  server.consume({ message: (message) => void messages.push(message), closed: () => undefined })
  const { violation } = await server.closed
  expect([violation, messages.length]).toEqual(messages.length === 1 ? [undefined, 1] : ['DEFLATE_CORRUPT', 0])
}

/** Bytes on the wire of four times the same text. */
async function sizes(takeover: boolean): Promise<number[]> {
  const { client, server, fromClient } = sockets({ parameters: { clientTakeover: takeover } })
  const text = randomBytes(600).toString('base64')
  const seen: number[] = []
  for (let count = 0; count < 4; count++) {
    const before = fromClient.movedBytes
    await client.send(text)
    await taken(server, 1)
    seen.push(fromClient.movedBytes - before)
  }
  client.terminate()
  return seen
}
