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

describe('readOrder', () => {
  test.each([
    connect,
    { order: 'cancel', id: 'a' },
    { order: 'terminate', id: 'a' },
    { order: 'send', id: 'a', kind: 'text', data: 'x' },
    { order: 'send', id: 'a', kind: 'binary', data: 'eA==' },
    { order: 'ping', id: 'a', data: '' },
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
    ['a kind that is none', '{"order":"send","id":"a","kind":"ping","data":""}', 'a'],
    ['a code that is no whole number', '{"order":"close","id":"a","code":1.5,"reason":""}', 'a'],
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
