import { expect, test } from 'vitest'
import { fieldValues, listElements, splitList } from '../../../src/protocol/http/field-lookup.ts'
import type { Field } from '../../../src/protocol/http/head.ts'

const fields: Field[] = [
  { name: 'Connection', value: 'keep-alive, Upgrade' },
  { name: '__proto__', value: 'polluted' },
  { name: 'CONNECTION', value: ',\tx ,' },
  { name: 'Empty', value: '' },
]

test('H-RES-12: names are found without case, all lines in their order', () => {
  expect(fieldValues(fields, 'connection')).toEqual(['keep-alive, Upgrade', ',\tx ,'])
  expect(fieldValues(fields, 'CoNNection')).toHaveLength(2)
})

test('a field that is not there has no values, whatever objects inherit', () => {
  expect(fieldValues(fields, 'Upgrade')).toEqual([])
  expect(fieldValues(fields, 'constructor')).toEqual([])
  expect(fieldValues(fields, '__proto__')).toEqual(['polluted'])
})

test('H-REQ-07: several lines are one list, empty elements kept', () => {
  expect(listElements(fields, 'connection')).toEqual(['keep-alive', 'Upgrade', '', 'x', ''])
})

test('an empty value is one empty element, an absent field is none', () => {
  expect(listElements(fields, 'empty')).toEqual([''])
  expect(listElements(fields, 'absent')).toEqual([])
})

test('blanks inside an element stay', () => {
  expect(splitList(['a b , c'])).toEqual(['a b', 'c'])
})
