import { once } from 'node:events'
import net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { ConnectionLimits } from '../../src/protocol/connection/limits.ts'
import { defaultConnectionLimits } from '../../src/protocol/connection/limits.ts'
import { Socket } from '../../src/socket/socket.ts'
import { pair } from '../../src/testing/pair.ts'
import { memoryPair, type MemoryPairOptions, type MemoryTransport } from '../../src/transport/memory-pair.ts'
import { streamTransport } from '../../src/transport/stream-transport.ts'
import { framesOf } from '../protocol/wire.ts'
import { HandClock } from '../support/hand-clock.ts'
import { TransportLog } from '../support/transport-log.ts'

interface Timed {
  readonly clock: HandClock
  readonly socket: Socket
  readonly near: MemoryTransport
  readonly far: MemoryTransport
}

/** A server's socket whose time and whose other end are moved by hand. */
function timed(limits: Partial<ConnectionLimits> = {}, options: MemoryPairOptions = {}): Timed {
  const clock = new HandClock()
  const [near, far] = memoryPair(options)
  const socket = new Socket({
    role: 'server',
    transport: near,
    subprotocol: '',
    extensions: [],
    limits: { ...defaultConnectionLimits, ...limits },
    early: new Uint8Array(0),
    flow: { inboxBytes: 1000, outputBytes: 1000 },
    clock,
  })
  return { clock, socket, near, far }
}

/** A masked frame with the key 0 0 0 0. */
function fromClient(opcode: number, payload: Uint8Array): Uint8Array {
  return Uint8Array.of(0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0, ...payload)
}

describe('heartbeat', () => {
  test('gives the latency while the peer answers', async () => {
    const { clock, socket, far } = timed()
    const log = new TransportLog(far)
    await clock.pass(29_999)
    expect([log.bytes.length, socket.latency]).toEqual([0, undefined])
    await clock.pass(1)
    const [ping] = framesOf(Uint8Array.from(log.bytes))
    expect(ping?.opcode).toBe(9)
    await clock.pass(25)
    far.write(fromClient(10, ping?.payload ?? new Uint8Array(0)))
    await clock.pass(1)
    expect(socket.latency).toBe(25)
    expect(socket.state).toBe('open')
  })

  test('ends a socket whose peer has gone, and no timer is left', async () => {
    const { clock, socket, far } = timed()
    TransportLog.of(far)
    await clock.pass(39_999)
    expect(socket.state).toBe('open')
    await clock.pass(1)
    expect(await socket.closed).toMatchObject({ cause: 'heartbeat-timeout', code: 1006, clean: false })
    expect(clock.waiting).toBe(0)
  })

  test('one timer serves, however much is received', async () => {
    const { clock, socket, far } = timed()
    TransportLog.of(far)
    socket.consume({ message: () => undefined, closed: () => undefined })
    for (let count = 0; count < 200; count++) {
      far.write(fromClient(1, Uint8Array.of(0x61)))
      await clock.pass(100)
      expect(clock.waiting).toBe(1)
    }
    expect(clock.alarmsSet).toBe(1)
    // 20 s have passed: the alarm for 30 s strikes early, and one for the rest is set.
    await clock.pass(10_000)
    expect(clock.alarmsSet).toBe(2)
    await clock.pass(19_899)
    expect(socket.state).toBe('open')
  })

  test('an application that lags does not lose its peer', async () => {
    const { clock, socket, far } = timed()
    const log = new TransportLog(far)
    for (let count = 0; count < 20; count++) far.write(fromClient(2, new Uint8Array(100)))
    await clock.pass(3_600_000)
    expect(socket.state).toBe('open')
    expect(log.bytes).toEqual([])
    for await (const message of socket) {
      expect(message).toHaveLength(100)
      break
    }
  })
})

/** The same, and nothing moves out of it but by hand. */
function blocked(): Timed {
  const made = timed({}, { byHand: true, mark: 1000 })
  TransportLog.of(made.far)
  return made
}

describe('a peer that does not read', () => {
  test('is let go after the write timeout', async () => {
    const { clock, socket } = blocked()
    await clock.pass(1)
    void socket.send('x'.repeat(5000))
    await clock.pass(30_000)
    expect(await socket.closed).toMatchObject({ cause: 'write-timeout', code: 1006, initiator: 'local' })
    expect(clock.waiting).toBe(0)
  })

  test('but not while it takes a byte now and then', async () => {
    const { clock, socket, near } = blocked()
    await clock.pass(1)
    void socket.send('x'.repeat(5000))
    for (let count = 0; count < 100; count++) {
      expect(near.deliver(1)).toBe(1)
      await clock.pass(20_000)
    }
    expect(socket.state).toBe('open')
    await clock.pass(14_000)
    expect(await socket.closed).toMatchObject({ cause: 'write-timeout' })
  })

  test('during the closing handshake has the close timeout', async () => {
    const { clock, socket } = blocked()
    await clock.pass(1)
    void socket.send('x'.repeat(5000))
    void socket.close(1000)
    await clock.pass(5_000)
    expect(await socket.closed).toMatchObject({ cause: 'close-timeout' })
  })
})

test('idle and lifetime end with a closing handshake', async () => {
  for (const [limits, cause] of [
    [{ idleTimeout: 1000 }, 'idle-timeout'],
    [{ maxLifetime: 1000 }, 'lifetime'],
  ] as const) {
    const { clock, socket, far } = timed(limits)
    TransportLog.of(far)
    await clock.pass(1000)
    expect(socket.state).toBe('closing')
    far.write(fromClient(8, Uint8Array.of(3, 0xe9)))
    far.finish()
    await clock.pass(0)
    expect(await socket.closed).toMatchObject({ cause, clean: true, code: 1001, initiator: 'local' })
  }
})

test('a message that is sent puts idleness off', async () => {
  const { clock, socket, far } = timed({ idleTimeout: 1000 })
  TransportLog.of(far)
  for (let count = 0; count < 5; count++) {
    await clock.pass(900)
    void socket.send('x')
  }
  await clock.pass(999)
  expect(socket.state).toBe('open')
  await clock.pass(1)
  expect(socket.state).toBe('closing')
})

describe('over TCP', () => {
  const cleanUp: (() => void)[] = []
  afterEach(() => {
    for (const step of cleanUp.splice(0)) step()
  })

  async function overTcp(limits: Partial<ConnectionLimits>): Promise<{ socket: Socket; peer: net.Socket }> {
    const server = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const peer = net.connect({ port: (server.address() as net.AddressInfo).port, host: '127.0.0.1' })
    peer.pause()
    peer.on('error', () => undefined)
    const [stream] = (await once(server, 'connection')) as [net.Socket]
    cleanUp.push(() => {
      peer.destroy()
      stream.destroy()
      server.close()
    })
    const socket = new Socket({
      role: 'server',
      transport: streamTransport(stream, 'tcp'),
      subprotocol: '',
      extensions: [],
      limits: { ...defaultConnectionLimits, ...limits },
      early: new Uint8Array(0),
    })
    return { socket, peer }
  }

  test('a peer that wakes up too late finds why it was left', async () => {
    const { socket, peer } = await overTcp({ heartbeatInterval: 20, heartbeatTimeout: 20 })
    expect(await socket.closed).toMatchObject({ cause: 'heartbeat-timeout' })
    const received: Buffer[] = []
    for await (const chunk of peer) received.push(chunk as Buffer)
    const frames = framesOf(Buffer.concat(received))
    expect(frames.map(({ opcode }) => opcode)).toEqual([9, 8])
    // 1011, 0x03 0xf3.
    expect([...(frames[1]?.payload.subarray(0, 2) ?? [])]).toEqual([0x03, 0xf3])
  })

  test('one large message to a slow reader is progress as long as the system takes some of it', async () => {
    const { socket, peer } = await overTcp({ writeTimeout: 2_000, heartbeatInterval: false })
    const length = 40 * 2 ** 20
    void socket.send(new Uint8Array(length))
    const began = performance.now()
    let bytes = 0
    // Slowly at first, for more than twice the write timeout; yet so that a system that only says so when a third of its
    // buffer is free again does within it.
    for await (const chunk of peer) {
      bytes += (chunk as Buffer).length
      if (performance.now() - began < 4_500) await new Promise((resolve) => setTimeout(resolve, 8))
      if (bytes > length) break
    }
    expect(performance.now() - began).toBeGreaterThan(4_500)
    expect(bytes).toBeGreaterThan(length)
  })

  test('and is let go when it takes nothing any more', async () => {
    const { socket } = await overTcp({ writeTimeout: 200 })
    void socket.send(new Uint8Array(40 * 2 ** 20))
    expect(await socket.closed).toMatchObject({ cause: 'write-timeout' })
  })
})

/*
 * closeTimeout counted from the call of close(), so that a slow reader with much to read was cut off in the middle of it,
 * though it made progress all the time: what send() had taken was lost.
 */
test.each([
  ['as long as it goes on reading', 20, { clean: true, cause: 'closing-handshake' }],
  ['no longer than closeTimeout when it stops', 5, { clean: false, cause: 'close-timeout' }],
])('close() waits for a slow reader %s', async (_what, reads, end) => {
  const { client, server, clock } = pair({
    flow: { inboxBytes: 1 },
    limits: { closeTimeout: 5_000, heartbeatInterval: false },
    mark: 1_024,
  })
  const handled: (() => void)[] = []
  client.consume({ message: () => new Promise<void>((resolve) => handled.push(resolve)), closed: () => {} })
  for (let count = 0; count < 20; count += 1) void server.send(new Uint8Array(10_000))
  const closing = server.close(1000)
  // Two seconds for each message: far more in all than closeTimeout.
  for (let count = 0; count < reads; count += 1) {
    await clock.advance(2_000)
    handled[count]?.()
  }
  await clock.advance(10_000)
  expect(await closing).toMatchObject(end)
  expect(handled.length).toBeGreaterThanOrEqual(reads)
  client.terminate()
})
