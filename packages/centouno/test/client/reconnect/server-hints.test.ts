import { describe, expect, test } from 'vitest'
import { retryAfter, retryAfterInReason } from '../../../src/client/reconnect/server-hints.ts'
import type { Field } from '../../../src/protocol/http/head.ts'
import type { ConnectionReport } from '../../../src/report/connection-report.ts'

const now = Date.parse('2026-01-01T00:00:00Z')

function report(fields: readonly Field[] | undefined): ConnectionReport {
  const response = fields && { head: '', status: 503, reason: '', fields, body: '', bodyCut: false }
  return {
    url: 'ws://h/',
    startedAt: '',
    verdict: { ok: false, stage: 'upgrade', code: 'UPGRADE_UNAVAILABLE', sentence: '', hint: '', details: {} },
    stages: [],
    request: null,
    response: response ?? null,
    rules: [],
  }
}

describe('Retry-After (RFC 9110 §10.2.3)', () => {
  test.each([
    ['120', 120_000],
    ['0', 0],
    // The three forms of a date, of which the first is the only one that is still sent.
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    ['Thursday, 01-Jan-26 00:01:30 GMT', 90_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ])('%s is %i ms', (value, expected) => {
    expect(retryAfter(report([{ name: 'retry-AFTER', value }]), now)).toBe(expected)
  })

  test.each(['', 'soon', '-1', '1.5', '1e3', '9999999999', 'Thu, 99 Foo 2026', '2026-01-01', '120, 120'])(
    '%s is not understood',
    (value) => {
      expect(retryAfter(report([{ name: 'Retry-After', value }]), now)).toBeUndefined()
    },
  )

  test('a date is taken by the clock of the server', () => {
    const fields = [
      { name: 'Date', value: 'Fri, 02 Jan 2026 00:00:00 GMT' },
      { name: 'Retry-After', value: 'Fri, 02 Jan 2026 00:00:07 GMT' },
    ]
    expect(retryAfter(report(fields), now)).toBe(7_000)
  })

  test('without it, and without a reply, there is no hint', () => {
    expect(retryAfter(report([]), now)).toBeUndefined()
    expect(retryAfter(report(undefined), now)).toBeUndefined()
  })
})

describe('the reason of a Close', () => {
  test.each([
    ['retry-after=5', 5_000],
    ['restarting; retry-after=30', 30_000],
    ['retry-after=0 come back', 0],
    ['back soon,Retry-After=7,thanks', 7_000],
  ])('%s asks for %i ms', (reason, expected) => {
    expect(retryAfterInReason(reason)).toBe(expected)
  })

  test.each([
    '',
    'retry-after',
    'retry-after=',
    'retry-after=soon',
    'no-retry-after=5',
    'retry-after=5s',
    'retry-after=5.5',
  ])('%s asks for nothing', (reason) => {
    expect(retryAfterInReason(reason)).toBeUndefined()
  })
})
