import { afterEach, expect, test } from 'vitest'
import { ByteBuilder } from '../../../src/protocol/message/byte-builder.ts'
import { lendBytes, returnBytes } from '../../../src/protocol/message/lent-bytes.ts'

const KiB = 1024
const all = 1024 * KiB

afterEach(() => {
  while (lendBytes(0, all) !== undefined);
})

test('what was returned is lent again, to one at a time', () => {
  const bytes = new Uint8Array(100 * KiB)
  returnBytes(bytes)
  expect(lendBytes(100 * KiB, all)).toBe(bytes)
  expect(lendBytes(100 * KiB, all)).toBeUndefined()
})

test('only what is as long as is asked for is lent', () => {
  returnBytes(new Uint8Array(100 * KiB))
  expect(lendBytes(100 * KiB + 1, all)).toBeUndefined()
  expect(lendBytes(0, 100 * KiB - 1)).toBeUndefined()
  expect(lendBytes(100 * KiB, 100 * KiB)?.length).toBe(100 * KiB)
})

test.each([
  { length: 64 * KiB - 1, kept: false },
  { length: 64 * KiB, kept: true },
  { length: 1024 * KiB, kept: true },
  { length: 1024 * KiB + 1, kept: false },
])('$length bytes are kept: $kept', ({ length, kept }) => {
  returnBytes(new Uint8Array(length))
  expect(lendBytes(0, 2 * all) !== undefined).toBe(kept)
})

test('of more than four, the shortest is let go of', () => {
  for (const length of [300, 100, 500, 200, 400]) returnBytes(new Uint8Array(length * KiB))
  const left: number[] = []
  for (let bytes = lendBytes(0, all); bytes !== undefined; bytes = lendBytes(0, all)) left.push(bytes.length / KiB)
  expect(left.toSorted()).toEqual([200, 300, 400, 500])
})

test('a builder that lends takes no more than one that does not, whatever lies there, and returns what it had', () => {
  returnBytes(new Uint8Array(1000 * KiB))
  const builder = new ByteBuilder(true)
  const piece = new Uint8Array(70 * KiB)
  builder.append(piece, 0, piece.length, 0, 0, 700 * KiB, true)
  expect(builder.capacity, 'eight times what has come, and not what lies there').toBe(560 * KiB)
  builder.append(piece, 0, piece.length, 0, 0, 700 * KiB, true)
  builder.clear()
  expect(builder.capacity).toBe(0)
  builder.append(piece, 0, piece.length, 0, 0, 560 * KiB, true)
  expect(lendBytes(560 * KiB, 560 * KiB), 'the piece is in use').toBeUndefined()
  builder.clear()
  expect(lendBytes(560 * KiB, 560 * KiB)).toBeDefined()
})

test('what is taken from a builder that lends is never lent', () => {
  const builder = new ByteBuilder(true)
  const piece = new Uint8Array(100 * KiB).fill(7)
  builder.append(piece, 0, piece.length, 0, 0, piece.length, true)
  const taken = builder.take()
  lendBytes(0, all)?.fill(0)
  expect(taken).toEqual(piece)
})
