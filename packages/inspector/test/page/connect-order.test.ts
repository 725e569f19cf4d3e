import { expect, test } from 'vitest'
import { closeCode, emptyForm, orderFrom, settingsInUse } from '../../page/src/connect-order.ts'

test('the form becomes an order; blanks around values and rows without a name are left out', () => {
  const form = {
    url: ' ws://a/b ',
    subprotocols: 'chat.v2,  chat.v1 ,',
    origin: ' https://a ',
    fields: [
      { name: ' Authorization ', value: ' Bearer x ' },
      { name: ' ', value: 'lost' },
      { name: 'X-Empty', value: '' },
    ],
    skipVerification: true,
  }
  expect(orderFrom(form, 'c1')).toEqual({
    order: 'connect',
    id: 'c1',
    url: 'ws://a/b',
    subprotocols: ['chat.v2', 'chat.v1'],
    origin: 'https://a',
    fields: [
      ['Authorization', 'Bearer x'],
      ['X-Empty', ''],
    ],
    skipVerification: true,
  })
  expect(settingsInUse(form)).toBe(5)
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
