import { describe, expect, test } from 'vitest'
import { inSwitch } from './found.ts'

test.each([
  [{ Upgrade: undefined }, 'H-RES-03', 'broken: There is no `Upgrade` field.'],
  [{ Upgrade: 'h2c' }, 'H-RES-03', 'broken: `Upgrade` is `h2c`.'],
  [{ Connection: undefined }, 'H-RES-04', 'broken: There is no `Connection` field.'],
  [{ Connection: 'close' }, 'H-RES-04', 'broken: `Connection` is `close`: the option `Upgrade` is not among them.'],
  [{ 'Sec-WebSocket-Accept': undefined }, 'H-RES-05', 'broken: There is no `Sec-WebSocket-Accept` field.'],
])('%j', (fields, id, told) => {
  expect(inSwitch(id, { fields })).toBe(told)
})

describe('H-RES-06: an extension that was not offered', () => {
  test.each([
    ['foo', 'broken: The extension `foo` was not offered.'],
    ['bar', 'kept'],
  ])('%s: %s', (answer, told) => {
    const sent = { extensions: [{ name: 'bar', parameters: [] }] }
    expect(inSwitch('H-RES-06', { fields: { 'Sec-WebSocket-Extensions': answer } }, sent)).toBe(told)
  })

  test('one that cannot be read is for another rule', () => {
    expect(inSwitch('H-RES-06', { fields: { 'Sec-WebSocket-Extensions': 'a b' } })).toBe('idle')
  })
})

test.each([
  ['chat', [], 'broken: The server picked `chat`; no subprotocol was offered.'],
  ['chat', ['soap'], 'broken: The server picked `chat`; offered were `soap`.'],
  ['chat', ['chat'], 'kept'],
])('H-RES-09: picked %s of %j: %s', (picked, subprotocols, told) => {
  expect(inSwitch('H-RES-09', { fields: { 'Sec-WebSocket-Protocol': picked } }, { subprotocols })).toBe(told)
})
