import { expect, test } from 'vitest'
import { refuse } from '../../src/server/refuse.ts'

test.each([200, 101, 299, 600, 403.5, Number.NaN])('%d is no status that refuses', (status) => {
  expect(() => refuse(status, 'no')).toThrow(expect.objectContaining({ code: 'REFUSAL' }))
})

test.each([300, 599])('%d is taken', (status) => {
  expect(refuse(status, 'no').refusal.status).toBe(status)
})

test.each([
  [401, 'WWW-Authenticate'],
  [405, 'Allow'],
  [426, 'Upgrade'],
])('H-SRV-04, H-SRV-19, H-SRV-20: %d gets the field %s unless it is given', (status, name) => {
  expect(refuse(status, 'no').refusal.fields.map((field) => field.name)).toEqual([name])
  const given = refuse(status, 'no', { [name.toLowerCase()]: 'own' }).refusal.fields
  expect(given).toEqual([{ name: name.toLowerCase(), value: 'own' }])
})

test.each(['Connection', 'content-length', 'Content-Type', 'Transfer-Encoding'])(
  '%s is not the caller’s to set',
  (name) => {
    expect(() => refuse(400, 'no', { [name]: 'x' })).toThrow(expect.objectContaining({ code: 'REFUSAL' }))
  },
)

test.each([
  ['X Y', 'a'],
  ['X', 'a\r\nSet-Cookie: b'],
  ['X', 'ä'],
])('the field %o: %o cannot be sent', (name, value) => {
  expect(() => refuse(400, 'no', { [name]: value })).toThrow(expect.objectContaining({ code: 'HANDSHAKE_INPUT' }))
})
