import { once } from 'node:events'
import net from 'node:net'
import { Duplex } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { streamTransport } from '../../src/transport/stream-transport.ts'
import { TransportLog } from '../support/transport-log.ts'

const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const step of cleanUp.splice(0)) step()
})

async function tcpPair(): Promise<{ near: net.Socket; far: net.Socket }> {
  const server = net.createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as net.AddressInfo
  const far = net.connect({ port: address.port, host: '127.0.0.1', allowHalfOpen: true })
  far.on('error', () => undefined)
  const [near] = (await once(server, 'connection')) as [net.Socket]
  cleanUp.push(() => {
    near.destroy()
    far.destroy()
    server.close()
  })
  return { near, far }
}

test('bytes go both ways, and FIN ends them', async () => {
  const { near, far } = await tcpPair()
  const transport = streamTransport(near, 'tcp')
  const log = new TransportLog(transport)
  far.write('hello')
  await log.until('received')
  expect(Buffer.from(log.bytes).toString()).toBe('hello')
  transport.write(Buffer.from('ho'))
  const [reply] = await once(far, 'data')
  expect(String(reply)).toBe('ho')
  far.end()
  await log.until('ended')
  transport.finish()
  await log.until('closed')
  expect(log.told).toEqual(['ended', 'closed'])
})

test('of a stream that reaches its socket through others, progress is what the system has taken', async () => {
  const { near, far } = await tcpPair()
  // It counts a write as a whole, as TLS over any other stream does.
  const outer = new Duplex({
    read() {},
    write: (chunk: Uint8Array, _encoding, callback) => near.write(chunk, callback),
  })
  const transport = streamTransport(outer, 'tls', near)
  const mebibyte = 1024 * 1024
  transport.write(Buffer.alloc(64 * mebibyte))
  await once(far, 'readable')
  const before = transport.progress
  far.removeAllListeners('readable')
  let read = 0
  for await (const chunk of far) {
    read += (chunk as Buffer).length
    // More than the system took at first, and far from all.
    if (read > 16 * mebibyte) break
  }
  expect(outer.writableLength).toBe(64 * mebibyte)
  expect(transport.progress).not.toBe(before)
})

test('a stream that was paused by whoever read the head is read on', async () => {
  const { near, far } = await tcpPair()
  near.on('data', () => undefined)
  near.removeAllListeners('data')
  near.pause()
  far.write('late')
  const log = new TransportLog(streamTransport(near, 'tcp'))
  await log.until('received')
  expect(Buffer.from(log.bytes).toString()).toBe('late')
})

test('a reset is told as failed, then closed, and never reaches the process', async () => {
  const { near, far } = await tcpPair()
  const log = new TransportLog(streamTransport(near, 'tcp'))
  far.resetAndDestroy()
  await log.until('closed')
  expect(log.told).toEqual(['failed', 'closed'])
  expect(log.error).toMatchObject({ code: 'ECONNRESET' })
})

test('a reset before start is told after start', async () => {
  const { near, far } = await tcpPair()
  const transport = streamTransport(near, 'tcp')
  near.resume()
  far.resetAndDestroy()
  await new Promise((resolve) => near.once('close', resolve))
  const log = new TransportLog(transport)
  expect(log.told).toEqual([])
  await log.until('closed')
  expect(log.told).toEqual(['failed', 'closed'])
})

test('after abort, and again, only closed follows', async () => {
  const { near } = await tcpPair()
  const transport = streamTransport(near, 'tcp')
  const log = new TransportLog(transport)
  transport.abort()
  transport.abort()
  await log.until('closed')
  expect(log.told).toEqual(['closed'])
  expect(transport.write(Buffer.from('x'))).toBe(true)
})

test('write returns false when the peer does not read, and drained follows when it does', async () => {
  const { near, far } = await tcpPair()
  far.pause()
  const transport = streamTransport(near, 'tcp')
  const log = new TransportLog(transport)
  const block = Buffer.alloc(1024 * 1024)
  let blocks = 0
  while (transport.write(block) && blocks < 64) blocks += 1
  expect(transport.queuedBytes).toBeGreaterThan(0)
  far.resume()
  await log.until('drained')
  expect(transport.queuedBytes).toBe(0)
})

test('corked writes leave in one piece', async () => {
  const { near, far } = await tcpPair()
  const transport = streamTransport(near, 'tcp')
  TransportLog.of(transport)
  transport.cork()
  transport.write(Buffer.from('a'))
  transport.write(Buffer.from('b'))
  expect(transport.queuedBytes).toBe(2)
  transport.uncork()
  const [reply] = await once(far, 'data')
  expect(String(reply)).toBe('ab')
})

test('what is written in one turn leaves in one piece at its end, microtasks included', async () => {
  const { near, far } = await tcpPair()
  const transport = streamTransport(near, 'tcp')
  TransportLog.of(transport)
  transport.write(Buffer.from('a'))
  await Promise.resolve()
  transport.write(Buffer.from('xbx'), 1, 2)
  expect([transport.queuedBytes, near.bytesWritten]).toEqual([2, 0])
  const [reply] = await once(far, 'data')
  expect(String(reply)).toBe('ab')
  expect(transport.queuedBytes).toBe(0)
})

test('what is gathered leaves before FIN, and before the connection is dropped', async () => {
  for (const end of ['finish', 'abort'] as const) {
    const { near, far } = await tcpPair()
    const transport = streamTransport(near, 'tcp')
    TransportLog.of(transport)
    transport.write(Buffer.from('last words'))
    transport[end]()
    const [reply] = await once(far, 'data')
    expect(String(reply)).toBe('last words')
  }
})

test('a write that the system takes at once is not taken for a full queue, however long', async () => {
  const { near, far } = await tcpPair()
  far.on('data', () => undefined)
  const transport = streamTransport(near, 'tcp')
  const log = new TransportLog(transport)
  expect(transport.write(Buffer.alloc(128 * 1024))).toBe(true)
  await new Promise(setImmediate)
  expect(log.told).toEqual([])
})

test('small writes that find no room at the end of their turn are told as blocked, and then as drained', async () => {
  const { near, far } = await tcpPair()
  far.pause()
  const transport = streamTransport(near, 'tcp')
  const log = new TransportLog(transport)
  const piece = Buffer.alloc(32 * 1024)
  for (let count = 0; count < 2_000 && !log.told.includes('blocked'); count += 1) {
    expect(transport.write(piece)).toBe(true)
    await new Promise(setImmediate)
  }
  expect(log.told).toEqual(['blocked'])
  expect(transport.write(piece)).toBe(false)
  far.resume()
  await log.until('drained')
  expect(log.told).toEqual(['blocked', 'drained'])
})
