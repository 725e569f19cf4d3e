import { expect, test } from 'vitest'
import {
  type ContextHolder,
  ContextPool,
  deflaterBytes,
  inflaterBytes,
  neverUsed,
} from '../../../src/socket/deflate/context-pool.ts'

const one = 50_000

class Holder implements ContextHolder {
  readonly contextBytes: number
  usedAt: number = neverUsed
  lost = 0

  constructor(contextBytes: number = one) {
    this.contextBytes = contextBytes
  }

  contextLost(): void {
    this.lost += 1
  }
}

/** How often the holder was given leave. */
function uses(pool: ContextPool, holder: Holder, count: number): number {
  return Array.from({ length: count }, () => pool.use(holder)).filter(Boolean).length
}

test('the bytes of a context: window, chains, heads, output, and what is fixed', () => {
  expect(deflaterBytes({ windowBits: 15, memoryLevel: 8, level: 6 })).toBe((64 + 64 + 64 + 64 + 16) * 1024)
  expect(deflaterBytes({ windowBits: 13, memoryLevel: 5, level: 3 })).toBe((16 + 16 + 64 + 8 + 16) * 1024)
  expect(deflaterBytes({ windowBits: 9, memoryLevel: 9, level: 3 })).toBe((1 + 1 + 128 + 128 + 16) * 1024)
  expect(inflaterBytes(15)).toBe((32 + 12) * 1024)
})

test('n contexts fit into room for n, the next holder gets none', () => {
  const pool = new ContextPool(() => 2 * one)
  const [first, second, third] = [new Holder(), new Holder(), new Holder()]
  expect([uses(pool, first, 2), uses(pool, second, 1), uses(pool, third, 1)]).toEqual([2, 1, 0])
  expect([pool.size, pool.heldBytes]).toEqual([2, 2 * one])
  pool.release(first)
  pool.release(first)
  expect([first.lost, pool.size]).toEqual([1, 1])
  expect(pool.use(third)).toBe(true)
})

test('a context that others would use far more often is taken for one of them', () => {
  const pool = new ContextPool(() => one)
  const [idle, busy] = [new Holder(), new Holder()]
  pool.use(idle)
  const given = uses(pool, busy, 8)
  expect(given).toBeGreaterThan(0)
  expect(given).toBeLessThan(8)
  expect([idle.lost, busy.lost, pool.size, pool.heldBytes]).toEqual([1, 0, 1, one])
})

/**
 * With many more connections than contexts, all equally busy, each newcomer found the context that was used longest ago idle
 * enough, took it, and lost it again before its next message: contexts were made for every message, and nobody gained.
 */
test('where all are equally busy, nobody’s is taken', () => {
  const pool = new ContextPool(() => 2 * one)
  const holders = Array.from({ length: 50 }, () => new Holder())
  for (let round = 0; round < 5; round++) for (const holder of holders) pool.use(holder)
  expect(holders.reduce((sum, { lost }) => sum + lost, 0)).toBe(0)
  expect(holders.map((holder) => pool.use(holder)).filter(Boolean)).toHaveLength(2)
})

test('as many idle ones go as a larger one takes', () => {
  const pool = new ContextPool(() => 3 * one)
  const idle = [new Holder(), new Holder(), new Holder()]
  for (const holder of idle) pool.use(holder)
  const large = new Holder(2 * one)
  expect(uses(pool, large, 30)).toBeGreaterThan(0)
  expect(idle.map(({ lost }) => lost)).toEqual([1, 1, 0])
  expect(pool.heldBytes).toBe(3 * one)
  expect(uses(pool, new Holder(4 * one), 30)).toBe(0)
})

test('what was not used between two sweeps is released; what was stays', () => {
  const pool = new ContextPool(() => 10 * one)
  const [idle, busy] = [new Holder(), new Holder()]
  pool.use(idle)
  pool.use(busy)
  pool.sweep()
  pool.use(busy)
  expect(pool.size).toBe(2)
  pool.sweep()
  expect([idle.lost, busy.lost, pool.size]).toEqual([1, 0, 1])
  pool.sweep()
  expect(pool.size).toBe(0)
})

test('when there is less room, those go that were used longest ago', () => {
  let room = 3 * one
  const pool = new ContextPool(() => room)
  const holders = [new Holder(), new Holder(), new Holder()]
  for (const holder of holders) pool.use(holder)
  room = one
  pool.shrink()
  expect(holders.map(({ lost }) => lost)).toEqual([1, 1, 0])
  expect(pool.heldBytes).toBe(one)
})

test('the shared context of a shape is one, counted, and forgets', () => {
  const shape = { windowBits: 9, memoryLevel: 1, level: 1 }
  const pool = new ContextPool(() => 0)
  const text = new TextEncoder().encode('the same text, the same text')
  const first = pool.shared(shape).deflate(text).slice()
  expect(pool.shared(shape).deflate(text)).toEqual(first)
  expect(pool.heldBytes).toBe(deflaterBytes(shape))
})
