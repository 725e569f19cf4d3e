import { afterEach, expect, test } from 'vitest'
import { kernels } from '../../src/protocol/kernels.ts'
import { unwrittenBytes } from '../../src/protocol/unwritten-bytes.ts'

const large = 64 * 1024

const { allocate } = kernels
afterEach(() => {
  kernels.allocate = allocate
})

test('the host is asked for what is large, and only for that', () => {
  const asked: number[] = []
  kernels.allocate = (length) => {
    asked.push(length)
    return new Uint8Array(length).fill(7)
  }
  expect(unwrittenBytes(large - 1)).toEqual(new Uint8Array(large - 1))
  expect(unwrittenBytes(large)).toEqual(new Uint8Array(large).fill(7))
  expect(asked).toEqual([large])
})

test('without a host it is plain memory', () => {
  kernels.allocate = undefined
  expect(unwrittenBytes(large)).toEqual(new Uint8Array(large))
})
