import { describe, expect, test } from 'vitest'
import { emptyForm } from '../../page/src/connect-form.ts'
import type { ConnectForm } from '../../page/src/connect-form.ts'
import { breakOrderFrom, closeCode, orderFrom, settingCounts, settingsInUse } from '../../page/src/connect-order.ts'
import { readOrder } from '../../src/agent/read-order.ts'

function filled(part: Partial<ConnectForm>): ConnectForm {
  return { ...emptyForm(), url: 'ws://a/b', ...part }
}

function withToken(place: ConnectForm['bearer']['place']): ConnectForm {
  return filled({ bearer: { ...emptyForm().bearer, token: ' t=k&n ', place } })
}

test('the form becomes an order; blanks around values and rows without a name are left out', () => {
  const form = filled({
    url: ' ws://a/b ',
    subprotocols: 'chat.v2,  chat.v1 ,',
    origin: ' https://a ',
    fields: [
      { name: ' X-Id ', value: ' x ' },
      { name: ' ', value: 'lost' },
      { name: 'X-Empty', value: '' },
    ],
    cookies: [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ],
    skipVerification: true,
  })
  expect(orderFrom(form, 'c1')).toEqual({
    order: 'connect',
    id: 'c1',
    url: 'ws://a/b',
    subprotocols: ['chat.v2', 'chat.v1'],
    origin: 'https://a',
    fields: [
      ['X-Id', 'x'],
      ['X-Empty', ''],
      ['Cookie', 'a=1; b=2'],
    ],
    skipVerification: true,
  })
  expect(settingsInUse(form)).toBe(8)
  expect(settingCounts(form)).toMatchObject({ fields: 3, cookies: 2, subprotocols: 2, tls: 1 })
})

describe('a bearer token goes where it is wanted', () => {
  test('in Authorization', () => {
    expect(orderFrom(withToken('authorization'), '').fields).toEqual([['Authorization', 'Bearer t=k&n']])
  })

  test('in the query, encoded, without a row of it in the form', () => {
    expect(orderFrom(withToken('query'), '').url).toBe('ws://a/b?access_token=t%3Dk%26n')
  })

  test('in a cookie, beside the others', () => {
    const form = { ...withToken('cookie'), cookies: [{ name: 'a', value: '1' }] }
    expect(orderFrom(form, '').fields).toEqual([['Cookie', 'a=1; token=t=k&n']])
  })

  test('in a subprotocol, after those to choose from', () => {
    const form = { ...withToken('subprotocol'), subprotocols: 'chat.v1' }
    expect(orderFrom(form, '').subprotocols).toEqual(['chat.v1', 'bearer.t=k&n'])
    expect(settingCounts(form)).toMatchObject({ token: 1, subprotocols: 1 })
  })
})

test('the way to the server, compression, redirects and time', () => {
  const form = filled({
    tls: { ca: 'CA ', cert: 'CERT', key: 'KEY', minVersion: 'TLSv1.3' },
    proxy: { way: 'proxy', url: ' socks5://p:1080 ' },
    compression: { offer: true, takeover: false, peerTakeover: true, windowBits: 9, peerWindowBits: 10 },
    redirects: ' 3 ',
    timeout: '5000',
  })
  const route = {
    skipVerification: false,
    proxy: 'socks5://p:1080',
    ca: 'CA',
    cert: 'CERT',
    key: 'KEY',
    minVersion: 'TLSv1.3',
    timeout: 5000,
  }
  expect(orderFrom(form, 'a')).toMatchObject({
    ...route,
    compression: { takeover: false, peerTakeover: true, windowBits: 9, peerWindowBits: 10 },
    redirects: 3,
  })
  expect(breakOrderFrom(form, 'AA==', 'a')).toEqual({
    order: 'break',
    id: 'a',
    url: 'ws://a/b',
    request: 'AA==',
    ...route,
  })
  expect(orderFrom(filled({ proxy: { way: 'direct', url: 'http://p' } }), 'a').proxy).toBe(false)
  expect(orderFrom(filled({ redirects: '-1', timeout: 'soon' }), 'a')).toMatchObject({
    redirects: undefined,
    timeout: undefined,
  })
})

test('the agent can read what a full form says', () => {
  const form = filled({
    tls: { ca: 'CA', cert: 'CERT', key: 'KEY', minVersion: 'TLSv1.2' },
    compression: { ...emptyForm().compression, offer: true },
    redirects: '1',
  })
  const sent = JSON.stringify(orderFrom(form, 'a'))
  expect(readOrder(sent)).toEqual({ ok: true, order: JSON.parse(sent) as unknown })
})

test('an empty form uses no settings', () => {
  expect(settingsInUse(emptyForm())).toBe(0)
})

test.each([
  ['1000', { ok: true, code: 1000 }],
  [' 4999 ', { ok: true, code: 4999 }],
  ['', { ok: true, code: null }],
  ['1e3', { ok: false }],
  ['-1', { ok: false }],
  ['100000', { ok: false }],
])('the close code %j is read as %j', (text, read) => {
  expect(closeCode(text)).toEqual(read)
})
