import { expect, test } from 'vitest'
import { quoted, quotedAll } from '../../../src/protocol/handshake/quoted.ts'

test('a value stands between backticks, with what cannot be printed written out', () => {
  expect(quoted('chat')).toBe('`chat`')
  expect(quoted('a\r\nb')).not.toMatch(/[\r\n]/)
})

test('of several values, four are shown', () => {
  expect(quotedAll([])).toBe('')
  expect(quotedAll(['a', 'b', 'c', 'd'])).toBe('`a`, `b`, `c`, `d`')
  expect(quotedAll(['a', 'b', 'c', 'd', 'e'])).toBe('`a`, `b`, `c`, `d`, …')
})
