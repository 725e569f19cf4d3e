import { expect, test } from 'vitest'
import { isControl, isDefined } from '../../../src/protocol/frame/opcode.ts'

const all = Array.from({ length: 16 }, (_, opcode) => opcode)

test('§5.2: six opcodes are defined, ten are reserved', () => {
  expect(all.filter(isDefined)).toEqual([0, 1, 2, 8, 9, 10])
})

test('§5.5: an opcode is one of control when its highest bit is set', () => {
  expect(all.filter(isControl)).toEqual([8, 9, 10, 11, 12, 13, 14, 15])
})
