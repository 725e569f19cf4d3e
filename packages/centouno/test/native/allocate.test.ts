import { expect, test } from 'vitest'
import { allocate } from '../../src/native/allocate.ts'

// What it is for, fewer pages taken from the system, depends on what else lies in the process: bench/ shows it (echo-64k).
test('memory of its own, of exactly that length', () => {
  const bytes = allocate(70_000)
  expect([bytes.length, bytes.byteOffset, bytes.buffer.byteLength]).toEqual([70_000, 0, 70_000])
  expect(allocate(70_000).buffer).not.toBe(bytes.buffer)
})
