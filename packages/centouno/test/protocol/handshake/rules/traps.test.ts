import { expect, test } from 'vitest'
import { inRequest, inSwitch } from './found.ts'

test('H-TRAP-01: extensions on several lines are taken', () => {
  const sent = { extensions: [{ name: 'a', parameters: [] }] }
  expect(inSwitch('H-TRAP-01', {}, sent)).toBe('idle')
  expect(inSwitch('H-TRAP-01', { fields: { 'Sec-WebSocket-Extensions': 'a' } }, sent)).toBe('kept')
  expect(inSwitch('H-TRAP-01', { fields: { 'Sec-WebSocket-Extensions': ['a', 'a'] } }, sent)).toBe(
    'noted: `Sec-WebSocket-Extensions` came on 2 lines.',
  )
})

test('H-TRAP-02: a key in base64 that is not canonical is taken', () => {
  expect(inRequest('H-TRAP-02', { fields: { 'Sec-WebSocket-Key': 'AQIDBAUGBwgJCgsMDQ4PEA==' } })).toBe('kept')
  // Its last two bits that count are followed by one that does not.
  expect(inRequest('H-TRAP-02', { fields: { 'Sec-WebSocket-Key': 'AQIDBAUGBwgJCgsMDQ4PEC==' } })).toBe(
    'noted: The key `AQIDBAUGBwgJCgsMDQ4PEC==` is not canonical base64.',
  )
  expect(inRequest('H-TRAP-02', { fields: { 'Sec-WebSocket-Key': undefined } })).toBe('idle')
})

test('H-TRAP-03: Upgrade in a longer list is taken', () => {
  expect(inSwitch('H-TRAP-03', {})).toBe('kept')
  expect(inSwitch('H-TRAP-03', { fields: { Connection: 'keep-alive, Upgrade' } })).toBe(
    'noted: `Connection` is `keep-alive, Upgrade`.',
  )
})

test('H-TRAP-04: stray commas are passed over, in either list', () => {
  expect(
    inRequest('H-TRAP-04', { fields: { 'Sec-WebSocket-Protocol': 'a, b', 'Sec-WebSocket-Extensions': 'a' } }),
  ).toBe('kept')
  expect(
    inRequest('H-TRAP-04', { fields: { 'Sec-WebSocket-Protocol': 'a,, b', 'Sec-WebSocket-Extensions': 'a' } }),
  ).toBe('noted: There are stray commas in `Sec-WebSocket-Protocol`.')
  expect(inRequest('H-TRAP-04', { fields: { 'Sec-WebSocket-Extensions': ', a' } })).toBe(
    'noted: There are stray commas in `Sec-WebSocket-Extensions`.',
  )
})

test('H-TRAP-07: a key without the upgrade', () => {
  expect(inRequest('H-TRAP-07', {})).toBe('kept')
  expect(inRequest('H-TRAP-07', { fields: { Upgrade: undefined } })).toMatch(/^noted: `Sec-WebSocket-Key` is there/)
  expect(inRequest('H-TRAP-07', { fields: { Connection: 'close' } })).toMatch(/^noted: `Sec-WebSocket-Key` is there/)
})
