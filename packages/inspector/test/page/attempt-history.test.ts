import { describe, expect, test } from 'vitest'
import type { SavedRequest } from '../../src/request-file/request-file.ts'
import { pastAttempt, pastAttempts, readPast, remembering } from '../../page/src/attempt-history.ts'
import type { PastAttempt } from '../../page/src/attempt-history.ts'
import { emptyForm } from '../../page/src/connect-form.ts'
import { orderFrom } from '../../page/src/connect-order.ts'
import { formFrom, replaceSecrets, requestFrom, withoutSecrets } from '../../page/src/saved-request.ts'
import { connectionAfter, openReport, refusedReport } from './sample.ts'

const request: SavedRequest = {
  name: '',
  url: 'wss://ada:s3cret-password@host/rooms?nick=ada&access_token=s3cret-token&apiKey=s3cret-key',
  fields: [
    ['Authorization', 'Bearer s3cret-bearer'],
    ['Cookie', 'sid=s3cret-cookie'],
    ['X-Session-Thing', 's3cret-session'],
    ['X-Plain', 'plain'],
  ],
  subprotocols: ['chat.v1', 'bearer.s3cret-name'],
  origin: 'https://page.example',
  settings: { insecure: true, proxy: 'http://user:s3cret-proxy@proxy:3128' },
  conversation: [],
}

function attempt(url: string, code = 'OPEN', at = '2026-01-01T00:00:00.000Z'): PastAttempt {
  return { at, request: { ...request, url, fields: [], subprotocols: [] }, ok: code === 'OPEN', code }
}

describe('a request without its secrets', () => {
  test('has everything else', () => {
    const safe = withoutSecrets(request)
    expect(JSON.stringify(safe)).not.toContain('s3cret')
    expect(safe).toMatchObject({
      url: 'wss://•••@host/rooms?nick=ada&access_token=•••&apiKey=•••',
      fields: [
        ['Authorization', '•••'],
        ['Cookie', '•••'],
        ['X-Session-Thing', '•••'],
        ['X-Plain', 'plain'],
      ],
      subprotocols: ['chat.v1', '•••'],
      origin: 'https://page.example',
      settings: { insecure: true, proxy: 'http://•••@proxy:3128' },
    })
  })

  test('each of them is given to whoever replaces it, with the name of its place', () => {
    const places: string[] = []
    replaceSecrets(request, (place, secret) => {
      expect(secret).toContain('s3cret')
      places.push(place)
      return 'x'
    })
    expect(places).toEqual([
      'user',
      'access_token',
      'apiKey',
      'Authorization',
      'Cookie',
      'X-Session-Thing',
      'subprotocol',
      'user',
    ])
  })

  test('one without any stays as it is', () => {
    const plain: SavedRequest = {
      ...request,
      url: 'ws://host',
      fields: [],
      subprotocols: [],
      settings: { insecure: false, proxy: undefined },
    }
    expect(withoutSecrets(plain)).toEqual(plain)
  })
})

test('a request makes a form, and the form makes the request', () => {
  expect(requestFrom(orderFrom(formFrom(request), ''), '')).toEqual(request)
  const direct = { ...emptyForm(), url: 'ws://a/' }
  expect(requestFrom(orderFrom(direct, ''), 'n')).toMatchObject({ name: 'n', settings: { proxy: undefined } })
})

describe('the history', () => {
  test('keeps what came of an attempt', () => {
    const opened = connectionAfter({ news: 'report', id: 'c1', report: openReport })
    const refused = connectionAfter({ news: 'report', id: 'c1', report: refusedReport })
    const notMade = connectionAfter({ news: 'trouble', id: 'c1', code: 'CONNECTION_LIMIT', sentence: '' })
    expect(pastAttempt(request, opened, 'now')).toMatchObject({ at: 'now', ok: true, code: 'OPEN' })
    expect(pastAttempt(request, refused, 'now')).toMatchObject({ ok: false, code: 'UPGRADE_FORBIDDEN' })
    expect(pastAttempt(request, notMade, 'now')).toMatchObject({ ok: false, code: 'CONNECTION_LIMIT' })
  })

  test('has the newest first, the same only once, and no more than it may', () => {
    const past = remembering(remembering([], attempt('ws://a/')), attempt('ws://b/'))
    const again = attempt('ws://a/', 'OPEN', '2026-02-02T00:00:00.000Z')
    expect(remembering(past, again)).toEqual([again, attempt('ws://b/')])
    expect(remembering(past, attempt('ws://a/', 'CONNECT_REFUSED'))).toHaveLength(3)
    const many = Array.from({ length: pastAttempts }, (_, index) => attempt(`ws://${index}/`))
    expect(remembering(many, attempt('ws://new/'))).toHaveLength(pastAttempts)
  })

  test('is read back from what was stored', () => {
    const past = [attempt('ws://a/'), pastAttempt(request, connectionAfter(), 'now')]
    expect(readPast(JSON.stringify(past))).toEqual(past)
  })

  test.each([null, '', 'null', '{}', '[1]', '[{"at":1}]', '[{"at":"","request":{},"ok":true,"code":""}]'])(
    '%j is none',
    (stored) => {
      expect(readPast(stored)).toEqual([])
    },
  )
})
