import { expect, test } from 'vitest'
import { ByteBuilder } from '../../../src/protocol/message/byte-builder.ts'
import { hex, toHex } from '../wire.ts'

const far = Number.MAX_SAFE_INTEGER

test('pieces come out as one, unmasked, and it starts afresh', () => {
  const builder = new ByteBuilder()
  builder.append(hex('ff 01 02 ff'), 1, 3, 0, 0, far, false)
  builder.append(hex('f3 f4'), 0, 2, 0xf0f0f0f0, 0, far, false)
  expect(builder.length).toBe(4)
  expect(toHex(builder.view())).toBe('01 02 03 04')
  expect(toHex(builder.view(2))).toBe('03 04')
  const taken = builder.take()
  expect(toHex(taken)).toBe('01 02 03 04')
  expect(taken.buffer.byteLength, 'memory of its own and exact size').toBe(4)
  expect(builder.length).toBe(0)
  expect(builder.capacity).toBe(0)
})

test('when the end is known and an eighth has come, the rest is set aside, and taking it copies nothing', () => {
  const builder = new ByteBuilder()
  builder.append(new Uint8Array(257), 0, 257, 0, 0, 2060, true)
  expect(builder.capacity, 'eight times what has come').toBe(2056)
  builder.clear()
  builder.append(new Uint8Array(258), 0, 258, 0, 0, 2060, true)
  expect(builder.capacity, 'the whole').toBe(2060)
  const { buffer } = builder.view()
  builder.append(new Uint8Array(1802), 0, 1802, 0, 0, 2060, true)
  expect(builder.take().buffer).toBe(buffer)
})

test('nothing is set aside for nothing', () => {
  const builder = new ByteBuilder()
  builder.append(hex(''), 0, 0, 0, 0, far, false)
  expect(builder.capacity).toBe(0)
  expect(builder.take()).toEqual(new Uint8Array(0))
})

test('H-SEC-05: what is set aside stays under twice what has come, and the copies are few', () => {
  const builder = new ByteBuilder()
  const one = new Uint8Array(1)
  let growths = 0
  let before = 0
  for (let count = 1; count <= 100_000; count++) {
    builder.append(one, 0, 1, 0, 0, far, false)
    if (builder.capacity !== before) growths++
    before = builder.capacity
    if (builder.capacity > Math.max(1024, 2 * count)) throw new Error(`${builder.capacity} for ${count}`)
  }
  expect(growths).toBeLessThanOrEqual(8)
})
