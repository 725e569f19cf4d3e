import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBuffer } from '../../src/native/provide-kernels.ts'
import {
  acceptSharedReading,
  remoteAddressOf,
  sharedReading,
  shareReading,
  SharedReadingSocket,
} from '../../src/transport/shared-reading.ts'
import { streamTransport } from '../../src/transport/stream-transport.ts'
import { TransportLog } from '../support/transport-log.ts'

// Also where the suites run on the plain paths.
const { enabled } = sharedReading
beforeEach(() => {
  sharedReading.enabled = true
})

const cleanUp: (() => void)[] = []
afterEach(() => {
  sharedReading.enabled = enabled
  for (const step of cleanUp.splice(0)) step()
})

interface Pair {
  readonly server: net.Server
  readonly accepted: net.Socket
  readonly far: net.Socket
}

async function tcpPair(): Promise<Pair> {
  const server = net.createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const far = net.connect({ port: (server.address() as net.AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
  far.on('error', () => undefined)
  const [accepted] = (await once(server, 'connection')) as [net.Socket]
  accepted.pause()
  cleanUp.push(() => {
    accepted.destroy()
    far.destroy()
    server.close()
  })
  return { server, accepted, far }
}

async function sharedPair(): Promise<Pair & { readonly near: SharedReadingSocket }> {
  const pair = await tcpPair()
  const successor = shareReading(pair.accepted)
  if (!successor) throw new Error('not shared')
  cleanUp.push(() => successor.stream.destroy())
  return { ...pair, near: successor.stream }
}

test('bytes are read into the shared buffer and told where they lie; FIN and the end follow', async () => {
  const { near, far } = await sharedPair()
  const transport = streamTransport(near, 'tcp')
  const log = new TransportLog(transport)
  const tell = near.receiver
  let memory: unknown
  near.receiver = {
    received: (bytes) => {
      memory = bytes.buffer
      tell?.received(bytes)
    },
  }
  far.write('hello')
  await log.until('received')
  expect(Buffer.from(log.bytes).toString()).toBe('hello')
  expect(memory).toBe(readBuffer.buffer)
  transport.write(Buffer.from('ho'))
  const [reply] = await once(far, 'data')
  expect(String(reply)).toBe('ho')
  far.end()
  await log.until('ended')
  transport.finish()
  await log.until('closed')
  expect(log.told).toEqual(['ended', 'closed'])
})

test('what had been read before is handed over, and what comes later follows it', async () => {
  const { accepted, far } = await tcpPair()
  const readable = once(accepted, 'readable')
  far.write('early')
  await readable
  accepted.removeAllListeners('readable')
  const successor = shareReading(accepted)
  expect(String(successor?.early)).toBe('early')
  cleanUp.push(() => successor?.stream.destroy())
  const log = new TransportLog(streamTransport(successor?.stream as SharedReadingSocket, 'tcp'))
  far.write('late')
  await log.until('received')
  expect(Buffer.from(log.bytes).toString()).toBe('late')
})

/** What a server accepts that was told to share its reading, and the other end. */
async function acceptedPair(): Promise<Pair> {
  const server = net.createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  acceptSharedReading(server)
  const far = net.connect({ port: (server.address() as net.AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
  far.on('error', () => undefined)
  const [accepted] = (await once(server, 'connection')) as [net.Socket]
  cleanUp.push(() => {
    accepted.destroy()
    far.destroy()
    server.close()
  })
  return { server, accepted, far }
}

test('what a server accepts is read as ever until there is a receiver, who gets what was held first', async () => {
  const { accepted, far } = await acceptedPair()
  expect(accepted).toBeInstanceOf(SharedReadingSocket)
  const kept: Uint8Array[] = []
  accepted.on('data', (chunk: Uint8Array) => kept.push(chunk))
  far.write('head')
  await once(accepted, 'data')
  accepted.removeAllListeners('data')
  accepted.pause()
  far.write('held')
  for (let turn = 0; turn < 10_000 && accepted.readableLength < 4; turn += 1) await new Promise(setImmediate)
  const log = new TransportLog(streamTransport(accepted, 'tcp'))
  far.write('late')
  for (let turn = 0; turn < 10_000 && log.bytes.length < 8; turn += 1) await new Promise(setImmediate)
  expect(Buffer.from(log.bytes).toString()).toBe('heldlate')
  // A copy: what was read since lies where it lay.
  expect(Buffer.concat(kept).toString()).toBe('head')
  far.end()
  await log.until('ended')
})

test('bytes and FIN that the stream holds when it gets its transport are told in their order, once', async () => {
  const { accepted, far } = await acceptedPair()
  accepted.pause()
  far.end('held')
  accepted.read(0)
  for (let turn = 0; turn < 10_000 && !atItsEnd(accepted); turn += 1) await new Promise(setImmediate)
  expect([accepted.readableLength, accepted.readableEnded]).toEqual([4, false])
  const transport = streamTransport(accepted, 'tcp')
  const order: string[] = []
  transport.start({
    received: (bytes) => order.push(Buffer.from(bytes).toString()),
    blocked: () => undefined,
    drained: () => undefined,
    ended: () => order.push('ended'),
    failed: () => order.push('failed'),
    closed: () => order.push('closed'),
  })
  expect(order).toEqual([])
  for (let turn = 0; turn < 10_000 && order.length < 2; turn += 1) await new Promise(setImmediate)
  transport.finish()
  for (let turn = 0; turn < 10_000 && order.length < 3; turn += 1) await new Promise(setImmediate)
  expect(order).toEqual(['held', 'ended', 'closed'])
})

/** FIN has been read, and lies behind what the stream holds. */
function atItsEnd(stream: net.Socket & { readonly _readableState?: { readonly ended?: boolean } }): boolean {
  return stream._readableState?.ended === true
}

test('the address of the other end is told, and not kept with each socket', async () => {
  const { accepted } = await acceptedPair()
  expect([remoteAddressOf(accepted), remoteAddressOf(accepted)]).toEqual(['127.0.0.1', '127.0.0.1'])
  expect(accepted).toMatchObject({ _peername: undefined, remoteFamily: 'IPv4' })
})

test('while it is paused, what a stream holds has a bound: the rest stays with the system', async () => {
  const { accepted, far } = await acceptedPair()
  accepted.pause()
  far.write(Buffer.alloc(8 * 1024 * 1024))
  accepted.read(0)
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate)
  expect(accepted.readableLength).toBeGreaterThan(0)
  expect(accepted.readableLength).toBeLessThanOrEqual(2 * readBuffer.length)
})

test('a server counts what it accepts so, tells of it as Node does, and closes when it is gone', async () => {
  const told: unknown[] = []
  const listener = (message: unknown): void => void told.push((message as { readonly socket: unknown }).socket)
  subscribe('net.server.socket', listener)
  cleanUp.push(() => unsubscribe('net.server.socket', listener))
  const { server, accepted } = await acceptedPair()
  expect(told).toEqual([accepted])
  const count = await new Promise((resolve) => {
    server.getConnections((_error, connections) => resolve(connections))
  })
  expect(count).toBe(1)
  const closed = once(server, 'close')
  server.close()
  accepted.destroy()
  await closed
})

test('a server that is not listening, or is told not to, accepts as ever', async () => {
  acceptSharedReading(net.createServer())
  sharedReading.enabled = false
  const { accepted } = await acceptedPair()
  expect(accepted).not.toBeInstanceOf(SharedReadingSocket)
})

test('while it is paused nothing is read, and a reset is told as a failure', async () => {
  const { near, far } = await sharedPair()
  const transport = streamTransport(near, 'tcp')
  const log = new TransportLog(transport)
  far.write('a')
  await log.until('received')
  transport.pause()
  far.write('b')
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(log.bytes).toHaveLength(1)
  transport.resume()
  for (let turn = 0; turn < 10_000 && log.bytes.length < 2; turn += 1) await new Promise(setImmediate)
  expect(Buffer.from(log.bytes).toString()).toBe('ab')
  far.resetAndDestroy()
  await log.until('closed')
  expect(log.told).toEqual(['failed', 'closed'])
})

test('a pause from within the callback holds, whatever else is there to read', async () => {
  const { near, far } = await sharedPair()
  const transport = streamTransport(near, 'tcp')
  let chunks = 0
  const received = new Promise<void>((resolve) => {
    transport.start({
      received: () => {
        chunks += 1
        transport.pause()
        resolve()
      },
      blocked: () => undefined,
      drained: () => undefined,
      ended: () => undefined,
      failed: () => undefined,
      closed: () => undefined,
    })
  })
  far.write(Buffer.alloc(4 * 1024 * 1024))
  await received
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
  expect(chunks).toBe(1)
})

test('one that sends without end does not keep the others from their turn, and all of it arrives', async () => {
  const { near, far } = await sharedPair()
  let bytes = 0
  let inTurn = 0
  let most = 0
  const all = 8 * 1024 * 1024
  const done = new Promise<void>((resolve) => {
    near.receiver = {
      received: (chunk) => {
        bytes += chunk.length
        if (inTurn === 0) setImmediate(() => (inTurn = 0))
        inTurn += chunk.length
        most = Math.max(most, inTurn)
        if (bytes === all) resolve()
      },
    }
  })
  far.write(Buffer.alloc(all))
  near.resume()
  await done
  expect(most).toBeLessThanOrEqual(5 * readBuffer.length)
})

test('the server closes when the successor is gone, and not before', async () => {
  const { server, near } = await sharedPair()
  const told: string[] = []
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      told.push('server')
      resolve()
    })
  })
  await new Promise(setImmediate)
  expect(told).toEqual([])
  near.once('close', () => told.push('socket'))
  near.destroy()
  await closed
  expect(told).toContain('server')
})

test('what cannot be shared is left as it is: TLS, a class upon a socket, one that has ended, one with something to write', async () => {
  const { accepted, far } = await tcpPair()
  expect(shareReading(new tls.TLSSocket(new net.Socket()))).toBeUndefined()
  expect(shareReading(new (class extends net.Socket {})())).toBeUndefined()
  expect(shareReading(new net.Socket())).toBeUndefined()
  accepted.cork()
  accepted.write('x')
  expect(shareReading(accepted)).toBeUndefined()
  accepted.uncork()
  sharedReading.enabled = false
  expect(shareReading(accepted)).toBeUndefined()
  sharedReading.enabled = true
  const ended = once(accepted, 'end')
  far.end()
  accepted.resume()
  await ended
  expect(shareReading(accepted)).toBeUndefined()
})
