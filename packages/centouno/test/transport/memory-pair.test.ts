import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryPair } from '../../src/transport/memory-pair.ts'
import { TransportLog } from '../support/transport-log.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

test('bytes arrive in order, and FIN after them', async () => {
  const [left, right] = memoryPair()
  const log = new TransportLog(right)
  TransportLog.of(left)
  left.write(bytes(1, 2))
  left.write(bytes(3))
  left.finish()
  await log.until('ended')
  expect(log.bytes).toEqual([1, 2, 3])
})

test('both ends are closed once both have finished', async () => {
  const [left, right] = memoryPair()
  const logs = [new TransportLog(left), new TransportLog(right)]
  left.finish()
  right.finish()
  await Promise.all(logs.map((log) => log.until('closed')))
  for (const log of logs) expect(log.told).toEqual(['ended', 'closed'])
})

test('by hand, nothing moves until it is told to, and any cut is possible', () => {
  const [left, right] = memoryPair({ byHand: true })
  const log = new TransportLog(right)
  left.write(bytes(1, 2, 3))
  expect(log.bytes).toEqual([])
  expect(left.deliver(2)).toBe(2)
  expect(log.bytes).toEqual([1, 2])
  expect(left.queuedBytes).toBe(1)
  expect(left.deliver()).toBe(1)
  expect(log.bytes).toEqual([1, 2, 3])
})

test('write returns false from the mark on, and drained follows when the queue has gone below it', () => {
  const [left, right] = memoryPair({ byHand: true, mark: 4 })
  const log = new TransportLog(left)
  TransportLog.of(right)
  expect(left.write(bytes(1, 2, 3))).toBe(true)
  expect(left.write(bytes(4))).toBe(false)
  expect(log.told).toEqual([])
  left.deliver(1)
  expect(log.told).toEqual(['drained'])
})

test('a paused end gets nothing until it resumes', async () => {
  const [left, right] = memoryPair()
  const log = new TransportLog(right)
  right.pause()
  left.write(bytes(7))
  await Promise.resolve()
  expect(log.bytes).toEqual([])
  right.resume()
  await log.until('received')
  expect(log.bytes).toEqual([7])
})

test('abort drops what is queued; the other end is told of a reset', async () => {
  const [left, right] = memoryPair({ byHand: true })
  const own = new TransportLog(left)
  const other = new TransportLog(right)
  left.write(bytes(1))
  left.abort()
  left.abort()
  await other.until('closed')
  expect(own.told).toEqual(['closed'])
  expect(other.told).toEqual(['failed', 'closed'])
  expect(other.error).toMatchObject({ code: 'ECONNRESET' })
})

test('corked writes wait for the last uncork', async () => {
  const [left, right] = memoryPair()
  const log = new TransportLog(right)
  left.cork()
  left.cork()
  left.write(bytes(1))
  left.uncork()
  await Promise.resolve()
  expect(log.bytes).toEqual([])
  left.uncork()
  await log.until('received')
  expect(log.bytes).toEqual([1])
})

test('any pieces and any chunk size give the same bytes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 9 }),
      (pieces, size) => {
        const [left, right] = memoryPair({ byHand: true, chunkBytes: size })
        const log = new TransportLog(right)
        for (const piece of pieces) left.write(piece)
        left.finish()
        left.deliver()
        expect(log.bytes).toEqual(pieces.flatMap((piece) => [...piece]))
        expect(log.told.at(-1)).toBe('ended')
      },
    ),
  )
})
