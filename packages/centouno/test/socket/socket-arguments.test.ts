import { expect, test } from 'vitest'
import { readBytes, readData, readReason } from '../../src/socket/socket-arguments.ts'

test('text stays text, bytes stay the bytes of the view and no others', () => {
  const { buffer } = Uint8Array.of(0, 1, 2, 3, 4, 5)
  expect(readData('text')).toBe('text')
  expect(readData(new Uint16Array(buffer, 2, 1))).toEqual(Uint8Array.of(2, 3))
  expect(readData(new DataView(buffer, 1, 2))).toEqual(Uint8Array.of(1, 2))
  expect(readData(buffer)).toHaveLength(6)
  expect(readBytes('é')).toEqual(Uint8Array.of(0xc3, 0xa9))
})

test.each([[100], [null], [undefined], [{ length: 100 }], [[1, 2]]])('%j is no data', (value) => {
  expect(() => readData(value as never)).toThrow(expect.objectContaining({ code: 'DATA_TYPE' }))
})

test.each([[100], [null], [new Uint16Array(8)]])('%j is no reason', (value) => {
  expect(readReason('a reason')).toBe('a reason')
  expect(() => readReason(value as never)).toThrow(expect.objectContaining({ code: 'DATA_TYPE' }))
})
