import { expect, test } from 'vitest'
import { takeRegion } from '../../../src/protocol/frame/slab.ts'

function takeBytes(length: number): Uint8Array {
  const { bytes, start, end } = takeRegion(length)
  return bytes.subarray(start, end)
}

test('regions never overlap, whatever their lengths', () => {
  const lengths = Array.from({ length: 500 }, (_, index) => (index * 37) % 300)
  const regions = lengths.map((length, index) => {
    const region = takeBytes(length)
    expect(region.length).toBe(length)
    return region.fill(index % 251)
  })
  for (const [index, region] of regions.entries()) {
    expect(region.every((byte) => byte === index % 251)).toBe(true)
  }
})

test('small regions share memory, up to 8 KiB; longer ones have their own', () => {
  const buffers = new Set(Array.from({ length: 100 }, () => takeBytes(20).buffer))
  expect(buffers.size).toBeLessThanOrEqual(2)
  expect(takeBytes(8192).buffer.byteLength).toBe(32_768)
  expect(takeBytes(8193).buffer.byteLength).toBe(8193)
})

test('regions that are taken one after another lie one behind the other', () => {
  takeRegion(8192)
  const { bytes, end } = { ...takeRegion(100) }
  const next = takeRegion(50)
  expect([next.bytes === bytes, next.start]).toEqual([true, end])
})
