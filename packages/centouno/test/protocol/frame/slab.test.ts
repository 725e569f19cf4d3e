import { expect, test } from 'vitest'
import { takeBytes } from '../../../src/protocol/frame/slab.ts'

test('regions never overlap, whatever their lengths, and come zeroed', () => {
  const lengths = Array.from({ length: 500 }, (_, index) => (index * 37) % 300)
  const regions = lengths.map((length, index) => {
    const region = takeBytes(length)
    expect(region.length).toBe(length)
    expect(region.every((byte) => byte === 0)).toBe(true)
    return region.fill(index % 251)
  })
  for (const [index, region] of regions.entries()) {
    expect(region.every((byte) => byte === index % 251)).toBe(true)
  }
})

test('small regions share memory, up to 2 KiB; longer ones have their own', () => {
  const buffers = new Set(Array.from({ length: 100 }, () => takeBytes(20).buffer))
  expect(buffers.size).toBeLessThanOrEqual(2)
  expect(takeBytes(2048).buffer.byteLength).toBe(8192)
  expect(takeBytes(2049).buffer.byteLength).toBe(2049)
})
