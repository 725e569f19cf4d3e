import { expect, test } from 'vitest'
import { inRequest } from './found.ts'

test.each([
  [undefined, 'broken: There is no `Sec-WebSocket-Key` field.'],
  ['short', 'broken: `Sec-WebSocket-Key` is `short`, 5 characters long.'],
  ['AQIDBAUGBwgJCgsMDQ4PEA==', 'kept'],
])('H-REQ-08: the key %j: %s', (key, told) => {
  expect(inRequest('H-REQ-08', { fields: { 'Sec-WebSocket-Key': key } })).toBe(told)
})

test.each([
  [['a', 'b'], 'broken: `Sec-WebSocket-Key` is `a`, `b`.'],
  ['a,b', 'broken: `Sec-WebSocket-Key` is `a,b`.'],
  ['a', 'kept'],
])('H-REQ-10: the keys %j: %s', (keys, told) => {
  expect(inRequest('H-REQ-10', { fields: { 'Sec-WebSocket-Key': keys } })).toBe(told)
})
