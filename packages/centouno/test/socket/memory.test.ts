import { describe, expect, test } from 'vitest'
import { type MemoryHolder, memory, MemoryAccount } from '../../src/socket/memory.ts'
import { SocketInputError } from '../../src/socket/socket-errors.ts'
import { socketPair } from '../support/socket-pair.ts'

const mebibyte = 1024 * 1024

class Holder implements MemoryHolder {
  incompleteBytes: number
  bufferedBytes: number
  readonly inboxBytes: number
  gaveUp = false

  constructor(incompleteBytes: number, bufferedBytes = 0, inboxBytes = 0) {
    this.incompleteBytes = incompleteBytes
    this.bufferedBytes = bufferedBytes
    this.inboxBytes = inboxBytes
  }

  get heldBytes(): number {
    return this.incompleteBytes + this.bufferedBytes + this.inboxBytes
  }

  giveUp(): void {
    this.gaveUp = true
    this.incompleteBytes = 0
    this.bufferedBytes = 0
  }
}

function accountOf(limit: number, ...holders: readonly Holder[]): MemoryAccount {
  const account = new MemoryAccount(limit)
  for (const holder of holders) account.add(holder)
  return account
}

describe('SECURITY: one account for the process', () => {
  test('at the limit nobody is failed; one byte over it, the one with the largest incomplete message is', () => {
    const small = new Holder(100, 5_000)
    const large = new Holder(900)
    const account = accountOf(6_000, small, large)
    account.moved(mebibyte)
    expect([small.gaveUp, large.gaveUp]).toEqual([false, false])
    large.incompleteBytes += 1
    account.moved(mebibyte)
    expect([small.gaveUp, large.gaveUp]).toEqual([false, true])
    expect(account.held).toBe(5_100)
  })

  test('it goes on until enough is free: incomplete messages first, then what waits to be sent', () => {
    const holders = [new Holder(0, 4_000), new Holder(10), new Holder(20), new Holder(0, 3_000)] as const
    const account = accountOf(3_500, ...holders)
    account.moved(mebibyte)
    expect(holders.map(({ gaveUp }) => gaveUp)).toEqual([true, true, true, false])
  })

  test('whoever holds only what its own application has not taken is left alone: ending it would free nothing', () => {
    const idle = new Holder(0, 0, 10_000)
    const account = accountOf(100, idle)
    account.moved(mebibyte)
    expect(idle.gaveUp).toBe(false)
  })

  test('it counts after a 64th of the limit has moved, and after a MiB at least', () => {
    const holder = new Holder(2)
    const account = accountOf(1, holder)
    account.moved(mebibyte - 1)
    expect(holder.gaveUp).toBe(false)
    account.moved(1)
    expect(holder.gaveUp).toBe(true)

    const other = new Holder(1024 * mebibyte)
    const large = accountOf(640 * mebibyte, other)
    large.moved(10 * mebibyte - 1)
    expect(other.gaveUp).toBe(false)
    large.moved(1)
    expect(other.gaveUp).toBe(true)
  })

  test('whoever has ended is not counted', () => {
    const holder = new Holder(10_000)
    const account = accountOf(100, holder)
    account.remove(holder)
    account.moved(mebibyte)
    expect([account.held, holder.gaveUp]).toEqual([0, false])
  })

  test.each([0, -1, Number.NaN])('a limit of %s is none', (limit) => {
    expect(() => {
      memory.limit = limit
    }).toThrow(SocketInputError)
  })

  test('the default is a quarter of what the machine or the container has', () => {
    expect(memory.limit).toBeGreaterThan(16 * mebibyte)
    memory.limit = Number.MAX_SAFE_INTEGER
    expect(memory.limit).toBe(Number.MAX_SAFE_INTEGER)
  })
})

test('a socket counts from its start to its end', async () => {
  const before = memory.held
  const { client, server } = socketPair()
  for (let count = 0; count < 10; count += 1) await client.send('x'.repeat(1000))
  await new Promise((resolve) => setImmediate(resolve))
  // Nobody reads: they wait in the inbox of the other.
  expect(memory.held - before).toBeGreaterThan(10_000)
  client.terminate()
  await Promise.all([client.closed, server.closed])
  expect(memory.held).toBe(before)
})
