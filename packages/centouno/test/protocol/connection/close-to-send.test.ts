import { expect, test } from 'vitest'
import { closeToSend, emptyClose } from '../../../src/protocol/connection/close-to-send.ts'

test('no code and no reason: an empty Close', () => {
  expect(closeToSend(undefined, '', 'client')).toBe(emptyClose)
})

test('H-CLS-01: a code, with or without a reason', () => {
  expect(closeToSend(1000, '', 'server')).toEqual({ code: 1000, reason: '' })
  expect(closeToSend(4999, 'x'.repeat(123), 'client')).toEqual({ code: 4999, reason: 'x'.repeat(123) })
})

test.each([
  [undefined, 'why', 'CLOSE_REASON_WITHOUT_CODE'],
  [1005, '', 'CLOSE_CODE_NOT_SENDABLE'],
  [1006, '', 'CLOSE_CODE_NOT_SENDABLE'],
  [0, '', 'CLOSE_CODE_NOT_SENDABLE'],
  [Number.NaN, '', 'CLOSE_CODE_NOT_SENDABLE'],
  [1000, 'x'.repeat(124), 'CLOSE_REASON_TOO_LONG'],
  [1000, '再'.repeat(42), 'CLOSE_REASON_TOO_LONG'],
] as const)('%s "%s" is refused: %s', (code, reason, error) => {
  expect(() => closeToSend(code, reason, 'client')).toThrow(expect.objectContaining({ code: error }))
})

test('H-CLS-08: 1010 is sent by a client only', () => {
  expect(closeToSend(1010, '', 'client').code).toBe(1010)
  expect(() => closeToSend(1010, '', 'server')).toThrow(expect.objectContaining({ code: 'CLOSE_CODE_NOT_SENDABLE' }))
})
