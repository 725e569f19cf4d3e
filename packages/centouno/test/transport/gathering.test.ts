import fc from 'fast-check'
import { expect, test } from 'vitest'
import { takeRegion } from '../../src/protocol/frame/slab.ts'
import { Gathering } from '../../src/transport/gathering.ts'

/** A region of the slab, filled with a value: a frame as it comes from the encoder. */
function frame(length: number, value: number): { bytes: Uint8Array; start: number; end: number } {
  const region = { ...takeRegion(length) }
  region.bytes.fill(value, region.start, region.end)
  return region
}

function add(gathering: Gathering, { bytes, start, end }: ReturnType<typeof frame>): void {
  gathering.add(bytes, start, end)
}

test('frames that lie one behind the other leave as they lie, unmoved', () => {
  // From the beginning of a slab.
  frame(8192, 0)
  const gathering = new Gathering()
  const first = frame(10, 1)
  add(gathering, first)
  for (let value = 2; value < 50; value += 1) add(gathering, frame(10, value))
  const [piece, ...more] = gathering.take()
  expect(more).toEqual([])
  expect(piece?.buffer).toBe(first.bytes.buffer)
  expect(piece?.byteOffset).toBe(first.start)
  expect(piece?.length).toBe(490)
})

test('small frames that lie apart leave in one piece', () => {
  const [one, other] = [new Gathering(), new Gathering()]
  for (let value = 0; value < 100; value += 1) {
    add(one, frame(20, value))
    add(other, frame(30, value))
  }
  const pieces = [one.take(), other.take()]
  expect(pieces.map((each) => each.length)).toEqual([1, 1])
  expect(pieces.map((each) => each[0]?.length)).toEqual([2_000, 3_000])
  for (const each of pieces) expect(new Set(each[0]).size).toBe(100)
})

test('a long one is not moved', () => {
  const gathering = new Gathering()
  const long = new Uint8Array(100_000).fill(2)
  add(gathering, frame(10, 1))
  gathering.add(long, 0, long.length)
  add(gathering, frame(10, 3))
  const pieces = gathering.take()
  expect(pieces.map(({ length }) => length)).toEqual([10, 100_000, 10])
  expect(pieces[1]?.buffer).toBe(long.buffer)
})

test('whatever is added, in whatever order by several, each gets its own bytes in order', () => {
  const adding = fc.record({ who: fc.nat({ max: 2 }), length: fc.oneof(fc.nat({ max: 80 }), fc.nat({ max: 20_000 })) })
  fc.assert(
    fc.property(fc.array(adding, { maxLength: 60 }), (addings) => {
      const gatherings = [new Gathering(), new Gathering(), new Gathering()]
      const wanted = gatherings.map((): number[] => [])
      for (const [index, { who, length }] of addings.entries()) {
        add(gatherings[who] as Gathering, frame(length, index + 1))
        for (let count = 0; count < length; count += 1) wanted[who]?.push(index + 1)
      }
      for (const [index, gathering] of gatherings.entries()) {
        expect(gathering.length).toBe(wanted[index]?.length)
        expect(Buffer.concat(gathering.take()).equals(Uint8Array.from(wanted[index] as number[]))).toBe(true)
        expect(gathering.length).toBe(0)
      }
    }),
    { numRuns: 60 },
  )
})
