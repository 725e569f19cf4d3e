import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  closeReasonFits,
  maxReasonBytes,
  readClosePayload,
  writeClosePayload,
} from '../../../src/protocol/close/close-payload.ts'
import { mayBeSent } from '../../../src/protocol/close/status-codes.ts'
import { hex, toHex } from '../wire.ts'

describe('reading', () => {
  test.each([
    ['', 1005, ''],
    ['03 e8', 1000, ''],
    ['03 e9 627965', 1001, 'bye'],
    ['0b b8', 3000, ''],
    ['13 87', 4999, ''],
    ['03 e8 e5868d e8a781', 1000, '再见'],
    ['03 e8 efbbbf 78', 1000, '\u{feff}x'],
  ])('%s: %d "%s"', (payload, code, reason) => {
    expect(readClosePayload(hex(payload))).toEqual({ code, reason })
  })

  test.each([
    ['03', 'CLOSE_PAYLOAD_ONE_BYTE', 'half a status code'],
    ['00 00', 'CLOSE_CODE_FORBIDDEN', '0'],
    ['03 e7', 'CLOSE_CODE_FORBIDDEN', '999'],
    ['03 ec', 'CLOSE_CODE_FORBIDDEN', '1004'],
    ['03 ed', 'CLOSE_CODE_FORBIDDEN', '1005'],
    ['03 ee', 'CLOSE_CODE_FORBIDDEN', '1006'],
    ['03 f7', 'CLOSE_CODE_FORBIDDEN', '1015'],
    ['03 f8', 'CLOSE_CODE_FORBIDDEN', '1016'],
    ['0b b7', 'CLOSE_CODE_FORBIDDEN', '2999'],
    ['13 88', 'CLOSE_CODE_FORBIDDEN', '5000'],
    ['ff ff', 'CLOSE_CODE_FORBIDDEN', '65535'],
    ['03 ed ff', 'CLOSE_CODE_FORBIDDEN', 'the code is judged before the reason'],
    ['03 e8 ff', 'CLOSE_REASON_NOT_UTF8', 'a byte that UTF-8 never has'],
    ['03 e8 c3', 'CLOSE_REASON_NOT_UTF8', 'cut inside a character'],
    ['03 e8 eda080', 'CLOSE_REASON_NOT_UTF8', 'a surrogate'],
  ])('%s → %s (%s)', (payload, code) => {
    expect(readClosePayload(hex(payload))).toBe(code)
  })
})

describe('writing', () => {
  test('the status code in network byte order, then the reason', () => {
    expect(toHex(writeClosePayload({ code: 1001, reason: 'bye' }))).toBe('03 e9 62 79 65')
    expect(toHex(writeClosePayload({ code: 4999, reason: '' }))).toBe('13 87')
  })

  test('H-CLS-04: 1005 is written as nothing at all', () => {
    expect(writeClosePayload({ code: 1005, reason: '' })).toHaveLength(0)
  })

  test('a reason of 123 bytes of UTF-8 fits, one of 124 does not', () => {
    expect(maxReasonBytes).toBe(123)
    expect(closeReasonFits('x'.repeat(123))).toBe(true)
    expect(closeReasonFits('x'.repeat(124))).toBe(false)
    expect(closeReasonFits('再'.repeat(41))).toBe(true)
    expect(closeReasonFits(`${'再'.repeat(41)}x`)).toBe(false)
    expect(closeReasonFits('x'.repeat(1_000_000))).toBe(false)
  })

  test('what is written is read again', () => {
    const codes = fc.integer({ min: 1000, max: 4999 }).filter((code) => mayBeSent(code))
    const reasons = fc.string({ unit: 'grapheme', maxLength: 100 }).filter(closeReasonFits)
    fc.assert(
      fc.property(codes, reasons, (code, reason) => {
        const payload = writeClosePayload({ code, reason })
        expect(payload.length).toBeLessThanOrEqual(125)
        expect(readClosePayload(payload)).toEqual({ code, reason })
      }),
    )
  })
})
