import { expect, test } from 'vitest'
import { bytesValue, fieldValue } from '../../src/wire/field-value.ts'

test('what is no word is told once, for both languages', () => {
  expect(fieldValue('0x0303')).toEqual({ value: '0x0303' })
  expect(fieldValue({ en: 'Close (8)', zh: 'Close (8)' })).toEqual({ value: 'Close (8)' })
})

test('words come in both languages', () => {
  expect(fieldValue(bytesValue(1))).toEqual({ value: '1 byte', zh: '1 字节' })
  expect(fieldValue(bytesValue(5))).toEqual({ value: '5 bytes', zh: '5 字节' })
})
