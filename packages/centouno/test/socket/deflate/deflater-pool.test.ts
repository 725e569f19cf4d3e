import { expect, test } from 'vitest'
import { contextBytes, DeflaterPool } from '../../../src/socket/deflate/deflater-pool.ts'

const shape = { windowBits: 9, memoryLevel: 1, level: 1 }
const one = contextBytes(shape)

class Holder {
  lost = 0
  contextLost(): void {
    this.lost += 1
  }
}

test('the bytes of a context: window, chains, heads, output, and what is fixed', () => {
  expect(contextBytes({ windowBits: 15, memoryLevel: 8, level: 6 })).toBe((64 + 64 + 64 + 64 + 16) * 1024)
  expect(contextBytes({ windowBits: 13, memoryLevel: 5, level: 3 })).toBe((16 + 16 + 64 + 8 + 16) * 1024)
  expect(contextBytes({ windowBits: 9, memoryLevel: 9, level: 3 })).toBe((1 + 1 + 128 + 128 + 16) * 1024)
})

test('n contexts fit into room for n, the next holder gets none', () => {
  const pool = new DeflaterPool(() => 2 * one)
  const [first, second, third] = [new Holder(), new Holder(), new Holder()]
  const context = pool.own(first, shape)
  expect(context).toBeDefined()
  expect(pool.own(first, shape)).toBe(context)
  expect(pool.own(second, shape)).toBeDefined()
  expect(pool.own(third, shape)).toBeUndefined()
  expect([pool.size, pool.heldBytes]).toEqual([2, 2 * one])
  pool.release(first)
  pool.release(first)
  expect([first.lost, pool.size]).toEqual([1, 1])
  expect(pool.own(third, shape)).toBeDefined()
})

test('a context that others have outrun is passed on, and its holder is told', () => {
  const pool = new DeflaterPool(() => one)
  const [idle, busy] = [new Holder(), new Holder()]
  const context = pool.own(idle, shape)
  const got: unknown[] = []
  for (let uses = 0; uses < 8; uses++) got.push(pool.own(busy, shape))
  expect(got.filter(Boolean).length).toBeGreaterThan(0)
  expect(got.at(-1)).toBe(context)
  expect([idle.lost, busy.lost, pool.size, pool.heldBytes]).toEqual([1, 0, 1, one])
})

test('one of another shape is released for it, and made if that is enough', () => {
  const larger = { ...shape, windowBits: 12 }
  const pool = new DeflaterPool(() => one)
  const [idle, busy] = [new Holder(), new Holder()]
  pool.own(idle, shape)
  for (let uses = 0; uses < 8; uses++) expect(pool.own(busy, larger)).toBeUndefined()
  expect([idle.lost, pool.size]).toEqual([1, 0])
})

test('what was not used between two sweeps is released; what was stays', () => {
  const pool = new DeflaterPool(() => 10 * one)
  const [idle, busy] = [new Holder(), new Holder()]
  pool.own(idle, shape)
  pool.own(busy, shape)
  pool.sweep()
  pool.own(busy, shape)
  expect(pool.size).toBe(2)
  pool.sweep()
  expect([idle.lost, busy.lost, pool.size]).toEqual([1, 0, 1])
  pool.sweep()
  expect(pool.size).toBe(0)
})

test('when there is less room, those go that were used longest ago', () => {
  let room = 3 * one
  const pool = new DeflaterPool(() => room)
  const holders = [new Holder(), new Holder(), new Holder()]
  for (const holder of holders) pool.own(holder, shape)
  room = one
  pool.shrink()
  expect(holders.map(({ lost }) => lost)).toEqual([1, 1, 0])
  expect(pool.heldBytes).toBe(one)
})

test('the shared context of a shape is one, counted, and forgets', () => {
  const pool = new DeflaterPool(() => 0)
  const text = new TextEncoder().encode('the same text, the same text')
  const first = pool.shared(shape).deflate(text).slice()
  expect(pool.shared(shape).deflate(text)).toEqual(first)
  expect(pool.heldBytes).toBe(one)
})
