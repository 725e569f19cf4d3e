import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ConnectingQueue, type ConnectingPolicy } from '../../src/client/connecting-queue.ts'

const onePerAddress: ConnectingPolicy = { onePerAddress: true }

function recorder(): { begun: string[]; begin: (name: string) => () => void } {
  const begun: string[] = []
  return { begun, begin: (name) => () => begun.push(name) }
}

describe('the queue of connections that are being established', () => {
  test('H-CON-01: one goes to an address at a time, the others in order', () => {
    const { begun, begin } = recorder()
    const queue = new ConnectingQueue()
    const ends = ['a', 'b', 'c'].map((name) => queue.enter(['192.0.2.1:80'], onePerAddress, begin(name)))
    expect(begun).toEqual(['a'])
    ends[0]?.()
    expect(begun).toEqual(['a', 'b'])
    ends[0]?.()
    expect(begun).toEqual(['a', 'b'])
    ends[1]?.()
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  test('H-CON-01: another port or another address is not in the way', () => {
    const { begun, begin } = recorder()
    const queue = new ConnectingQueue()
    queue.enter(['192.0.2.1:80'], onePerAddress, begin('a'))
    queue.enter(['192.0.2.1:81'], onePerAddress, begin('b'))
    queue.enter(['192.0.2.2:80'], onePerAddress, begin('c'))
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  test('H-CON-01: two names with an address in common wait for each other, and none is overtaken', () => {
    const { begun, begin } = recorder()
    const queue = new ConnectingQueue()
    const end = queue.enter(['1:80'], onePerAddress, begin('a'))
    queue.enter(['1:80', '2:80'], onePerAddress, begin('b'))
    // Nobody is connecting to 2, but b has waited for it before.
    queue.enter(['2:80'], onePerAddress, begin('c'))
    queue.enter(['3:80'], onePerAddress, begin('d'))
    expect(begun).toEqual(['a', 'd'])
    end()
    expect(begun).toEqual(['a', 'd', 'b'])
  })

  test('H-CON-03: not more than the cap in all', () => {
    const { begun, begin } = recorder()
    const queue = new ConnectingQueue()
    const ends = Array.from({ length: 50 }, (_, index) =>
      queue.enter([`host-${index}:80`], { atMost: 6 }, begin(String(index))),
    )
    expect(begun).toHaveLength(6)
    ends[3]?.()
    ends[0]?.()
    expect(begun).toHaveLength(8)
  })

  test('one that gives up while it waits is never begun', () => {
    const { begun, begin } = recorder()
    const queue = new ConnectingQueue()
    const first = queue.enter(['1:80'], onePerAddress, begin('a'))
    const second = queue.enter(['1:80'], onePerAddress, begin('b'))
    queue.enter(['1:80'], onePerAddress, begin('c'))
    second()
    expect(begun).toEqual(['a'])
    first()
    expect(begun).toEqual(['a', 'c'])
  })

  test('whatever the order, all get their turn and no two at once have a place in common', () => {
    const place = fc.constantFrom('1', '2', '3')
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(place, { minLength: 1 }), { maxLength: 12 }), fc.nat(), (turns, seed) => {
        const queue = new ConnectingQueue()
        const running = new Map<number, readonly string[]>()
        let begun = 0
        const ends = turns.map((places, index) =>
          queue.enter(places, { onePerAddress: true, atMost: 2 }, () => {
            const held = new Set([...running.values()].flat())
            expect(places.some((each) => held.has(each))).toBe(false)
            expect(running.size).toBeLessThan(2)
            running.set(index, places)
            begun++
          }),
        )
        for (let step = 0; running.size > 0; step++) {
          const keys = [...running.keys()]
          const index = keys[(seed + step) % keys.length] ?? 0
          running.delete(index)
          ends[index]?.()
        }
        expect(begun).toBe(turns.length)
      }),
    )
  })
})
