import { describe, expect, test } from 'vitest'
import { mayBeReceived, mayBeSent, statusCodeRow, statusCodes } from '../../../src/protocol/close/status-codes.ts'

/** Every code that two bytes can hold and that may stand in a Close frame, as ranges. */
function ranges(allowed: (code: number) => boolean): string[] {
  const found: string[] = []
  for (let code = 0; code <= 65_535; code++) {
    if (!allowed(code)) continue
    const start = code
    while (code < 65_535 && allowed(code + 1)) code++
    found.push(start === code ? `${start}` : `${start}-${code}`)
  }
  return found
}

describe('RFC 6455 §7.4', () => {
  test('H-CLS-04: what may stand in a Close frame, out of all that two bytes can say', () => {
    expect(ranges(mayBeReceived)).toEqual(['1000-1003', '1007-1014', '3000-4999'])
  })

  test('H-CLS-04: 1004, 1005, 1006 and 1015 are never sent', () => {
    for (const code of [1004, 1005, 1006, 1015]) expect(mayBeSent(code)).toBe(false)
    expect(ranges((code) => mayBeSent(code))).toEqual(['1000-1003', '1007-1014', '3000-4999'])
  })

  test('H-CLS-08: 1010 comes from clients', () => {
    expect(mayBeSent(1010, 'client')).toBe(true)
    expect(mayBeSent(1010, 'server')).toBe(false)
    expect(mayBeSent(1011, 'client')).toBe(true)
    expect(mayBeSent(1011, 'server')).toBe(true)
    expect(mayBeSent(4000, 'server')).toBe(true)
  })

  test.each([Number.NaN, -1, 1000.5, 3000.5, Infinity, 70_000])('%d is no status code', (code) => {
    expect(mayBeReceived(code)).toBe(false)
    expect(mayBeSent(code, 'client')).toBe(false)
  })
})

test('the table is in order, each code once, told in both languages', () => {
  const codes = statusCodes.map((row) => row.code)
  expect(codes).toEqual(Array.from({ length: 16 }, (_, index) => 1000 + index))
  for (const row of statusCodes) {
    expect(row.name).not.toBe('')
    expect(row.clause).toMatch(/^(?:RFC 6455 §7\.4|IANA)/)
    expect(row.meaning.en).toMatch(/\.$/)
    expect(row.meaning.zh).toMatch(/。$/)
    expect(statusCodeRow(row.code)).toBe(row)
  }
  expect(statusCodeRow(4000)).toBeUndefined()
})
