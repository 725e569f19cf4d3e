import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readOrder } from '../../src/agent/read-order.ts'

const connect = {
  order: 'connect',
  id: 'a',
  url: 'ws://127.0.0.1/',
  fields: [['X-A', '1']],
  subprotocols: ['chat.v1'],
  origin: '',
  skipVerification: false,
}

const route = {
  skipVerification: true,
  proxy: 'http://127.0.0.1:3128',
  ca: 'PEM',
  cert: 'PEM',
  key: 'PEM',
  minVersion: 'TLSv1.3',
  timeout: 1,
}
const breaking = { order: 'break', id: 'a', url: 'ws://127.0.0.1/', request: 'AA==', skipVerification: false }

describe('readOrder', () => {
  test.each([
    connect,
    { ...connect, ...route, compression: true, redirects: 0 },
    { ...connect, proxy: false, compression: { windowBits: 9, takeover: false }, redirects: 100 },
    breaking,
    { ...breaking, ...route },
    { order: 'cancel', id: 'a' },
    { order: 'terminate', id: 'a' },
    { order: 'send', id: 'a', kind: 'text', data: 'x' },
    { order: 'send', id: 'a', kind: 'binary', data: 'eA==' },
    { order: 'ping', id: 'a', data: '' },
    { order: 'run-steps', id: 'a', lines: ['hello', '/close'] },
    { order: 'stop-steps', id: 'a' },
    { order: 'close', id: 'a', code: null, reason: '' },
    { order: 'close', id: 'a', code: 1000, reason: 'done' },
  ])('reads $order', (order) => {
    expect(readOrder(JSON.stringify(order))).toEqual({ ok: true, order })
  })

  test('leaves out members it does not know', () => {
    const order = { order: 'cancel', id: 'a' }
    expect(readOrder(JSON.stringify({ ...order, more: 1 }))).toEqual({ ok: true, order })
  })

  test.each([
    ['no JSON', '{', ''],
    ['no object', '[]', ''],
    ['no id', '{"order":"cancel"}', ''],
    ['an empty id', '{"order":"cancel","id":""}', ''],
    ['an id that is too long', `{"order":"cancel","id":"${'x'.repeat(101)}"}`, ''],
    ['an unknown order', '{"order":"dance","id":"a"}', 'a'],
    ['an order from the prototype', '{"order":"constructor","id":"a"}', 'a'],
    ['fields that are no pairs', JSON.stringify({ ...connect, fields: [['X-A']] }), 'a'],
    ['201 fields', JSON.stringify({ ...connect, fields: Array.from({ length: 201 }, () => ['a', 'b']) }), 'a'],
    ['subprotocols that are no list', JSON.stringify({ ...connect, subprotocols: 'chat' }), 'a'],
    ['a flag that is no flag', JSON.stringify({ ...connect, skipVerification: 'yes' }), 'a'],
    ['a proxy that is no text', JSON.stringify({ ...connect, proxy: true }), 'a'],
    ['an empty proxy', JSON.stringify({ ...connect, proxy: '' }), 'a'],
    ['a proxy of 4,097 characters', JSON.stringify({ ...connect, proxy: 'x'.repeat(4097) }), 'a'],
    ['an empty certificate', JSON.stringify({ ...connect, cert: '' }), 'a'],
    ['a certificate beyond 1 MiB', JSON.stringify({ ...connect, ca: 'x'.repeat(1_048_577) }), 'a'],
    ['a key that is no text', JSON.stringify({ ...connect, key: ['PEM'] }), 'a'],
    ['an unknown version of TLS', JSON.stringify({ ...connect, minVersion: 'SSLv3' }), 'a'],
    ['no time at all', JSON.stringify({ ...connect, timeout: 0 }), 'a'],
    ['more time than can be counted', JSON.stringify({ ...connect, timeout: 2_147_483_648 }), 'a'],
    ['101 redirects', JSON.stringify({ ...connect, redirects: 101 }), 'a'],
    ['half a redirect', JSON.stringify({ ...connect, redirects: 0.5 }), 'a'],
    ['an unknown option of compression', JSON.stringify({ ...connect, compression: { speed: 1 } }), 'a'],
    ['compression by half a bit', JSON.stringify({ ...connect, compression: { windowBits: 9.5 } }), 'a'],
    ['a flag of compression that is none', JSON.stringify({ ...connect, compression: { takeover: 1 } }), 'a'],
    ['a break without a request', JSON.stringify({ ...breaking, request: undefined }), 'a'],
    ['a break beyond 1 MiB', JSON.stringify({ ...breaking, request: 'A'.repeat(1_048_577) }), 'a'],
    ['a break without saying whom to trust', JSON.stringify({ ...breaking, skipVerification: undefined }), 'a'],
    ['a kind that is none', '{"order":"send","id":"a","kind":"ping","data":""}', 'a'],
    ['a code that is no whole number', '{"order":"close","id":"a","code":1.5,"reason":""}', 'a'],
    ['steps that are no lines', '{"order":"run-steps","id":"a","lines":"hello"}', 'a'],
    ['10,001 lines', JSON.stringify({ order: 'run-steps', id: 'a', lines: Array(10_001).fill('') }), 'a'],
    ['a close without a reason', '{"order":"close","id":"a","code":1000}', 'a'],
  ])('refuses %s', (_what, text, id) => {
    expect(readOrder(text)).toEqual({ ok: false, id })
  })

  test('refuses bytes', () => {
    expect(readOrder(new TextEncoder().encode(JSON.stringify(connect)))).toEqual({ ok: false, id: '' })
  })

  test('takes 200 fields', () => {
    const order = { ...connect, fields: Array.from({ length: 200 }, () => ['a', 'b']) }
    expect(readOrder(JSON.stringify(order)).ok).toBe(true)
  })

  test('has two outcomes for any JSON', () => {
    fc.assert(fc.property(fc.json(), (text) => void expect(readOrder(text)).toHaveProperty('ok')))
  })
})
