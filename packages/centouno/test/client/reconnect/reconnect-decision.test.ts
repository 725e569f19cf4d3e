import { describe, expect, test } from 'vitest'
import { ConnectError } from '../../../src/client/connect-error.ts'
import { isFinal, nextTry, type ConnectionEnd } from '../../../src/client/reconnect/reconnect-decision.ts'
import { defaultReconnectDelays } from '../../../src/client/reconnect/reconnect-delays.ts'
import type { CloseFrame, Closing } from '../../../src/protocol/connection/closing.ts'
import { codes } from '../../../src/report/codes.ts'
import { verdictOf } from '../../../src/report/verdict.ts'

const circumstances = { failures: 3, delays: defaultReconnectDelays, now: 0 }

function closed(sent: CloseFrame | undefined, received: CloseFrame | undefined): ConnectionEnd {
  const closing: Closing = {
    code: received?.code ?? 1006,
    reason: received?.reason ?? '',
    clean: sent !== undefined && received !== undefined,
    cause: 'closing-handshake',
    initiator: 'remote',
    sent,
    received,
    violation: undefined,
    error: undefined,
  }
  return { kind: 'closed', closing }
}

const frame = (code: number, reason = ''): CloseFrame => ({ code, reason })

function failed(code: string, fields: readonly { name: string; value: string }[] = []): ConnectionEnd {
  const error = new ConnectError(
    {
      url: '',
      startedAt: '',
      verdict: verdictOf(code, {}),
      stages: [],
      request: null,
      response: { head: '', status: 503, reason: '', fields, body: '', bodyCut: false },
      rules: [],
    },
    undefined,
  )
  return { kind: 'failed', error }
}

describe('an end for good', () => {
  test.each([1000, 1008, 1010, 4000, 4099])('is one with %i from either side', (code) => {
    expect(isFinal(closed(frame(code), frame(code)))).toBe(true)
    expect(isFinal(closed(frame(code), undefined))).toBe(true)
    expect(isFinal(closed(frame(1001), frame(code)))).toBe(true)
  })

  test.each([1001, 1002, 1003, 1005, 1007, 1009, 1011, 1012, 1013, 1014, 3000, 3999, 4100, 4999])(
    'is none with %i',
    (code) => {
      expect(isFinal(closed(frame(code), frame(code)))).toBe(false)
    },
  )

  test('is none without a Close', () => {
    expect(isFinal(closed(undefined, undefined))).toBe(false)
  })

  test('is each failure that would come again, and no other', () => {
    const final = codes.map(({ code }) => code).filter((code) => isFinal(failed(code)))
    expect(final.toSorted()).toEqual([
      'ABORTED',
      'OPTIONS_INVALID',
      'PROXY_AUTH_REQUIRED',
      'PROXY_INVALID',
      'SECURE_CLIENT_CERTIFICATE',
      'SECURE_OPTIONS',
      'SOCKS_AUTH_FAILED',
      'SOCKS_NO_METHOD',
      'UNEXPECTED',
      'UPGRADE_BAD_REQUEST',
      'UPGRADE_FORBIDDEN',
      'UPGRADE_METHOD_NOT_ALLOWED',
      'UPGRADE_NOT_FOUND',
      'UPGRADE_PROXY_AUTH',
      'UPGRADE_REDIRECT',
      'UPGRADE_REDIRECT_INSECURE',
      'UPGRADE_REDIRECT_INVALID',
      'UPGRADE_REDIRECT_LIMIT',
      'UPGRADE_TLS_EXPECTED',
      'UPGRADE_UNAUTHORIZED',
      'UPGRADE_UPGRADE_REQUIRED',
      'URI_INVALID',
    ])
  })

  test('is no error of the caller’s own functions', () => {
    expect(isFinal({ kind: 'failed', error: new Error('no ticket today') })).toBe(false)
  })
})

describe('the next try', () => {
  test.each<[what: string, end: ConnectionEnd, from: number, to: number, why: string]>([
    ['a lost connection', closed(undefined, undefined), 0, 20_000, 'backoff'],
    ['1001', closed(frame(1001), frame(1001)), 0, 20_000, 'backoff'],
    ['1012', closed(frame(1012), frame(1012)), 5_000, 30_000, 'service-restart'],
    ['1013', closed(frame(1013), frame(1013)), 30_000, 60_000, 'try-again-later'],
    ['1012 with a hint', closed(frame(1012), frame(1012, 'retry-after=90')), 90_000, 95_000, 'retry-after'],
    ['our own words', closed(frame(1001, 'retry-after=90'), undefined), 0, 20_000, 'backoff'],
    ['503', failed('UPGRADE_UNAVAILABLE'), 0, 20_000, 'backoff'],
    [
      '503 with Retry-After',
      failed('UPGRADE_UNAVAILABLE', [{ name: 'Retry-After', value: '7' }]),
      7_000,
      12_000,
      'retry-after',
    ],
    [
      '429 with a date',
      failed('UPGRADE_TOO_MANY', [{ name: 'Retry-After', value: 'Thu, 01 Jan 1970 00:00:09 GMT' }]),
      9_000,
      14_000,
      'retry-after',
    ],
    ['an error of the caller', { kind: 'failed', error: new Error('no ticket') }, 0, 20_000, 'backoff'],
  ])('after %s', (_what, end, from, to, why) => {
    expect(nextTry(end, circumstances)).toEqual({ delay: { from, to }, why })
  })
})
