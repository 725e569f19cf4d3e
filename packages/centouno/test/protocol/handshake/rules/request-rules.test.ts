import { expect, test } from 'vitest'
import { answerOf, judgedWith } from '../../../opening-handshake/messages.ts'
import { inRequest } from './found.ts'

test.each([
  ['GET /a HTTP/1.1', 'example.com', 'kept'],
  ['GET * HTTP/1.1', 'example.com', 'broken: The target is `*`, which is for `OPTIONS` only.'],
  [
    'GET example.com:80 HTTP/1.1',
    'example.com',
    'broken: The target is `example.com:80`, a host and port: that form is for `CONNECT` only.',
  ],
  [
    'GET ws://example.com/ HTTP/1.1',
    'example.com',
    'broken: The target is `ws://example.com/`: neither a path nor an `http` or `https` URI.',
  ],
  ['GET http://example.com/ HTTP/1.1', 'EXAMPLE.com:80', 'kept'],
  ['GET https://example.com:443/ HTTP/1.1', 'example.com', 'kept'],
  [
    'GET https://example.com/ HTTP/1.1',
    'example.com:80',
    'broken: The target is `https://example.com/`, but `Host` is `example.com:80`.',
  ],
  [
    'GET http://example.org/ HTTP/1.1',
    'example.com',
    'broken: The target is `http://example.org/`, but `Host` is `example.com`.',
  ],
  ['GET http://a@b/ HTTP/1.1', 'b', 'broken: The target is `http://a@b/`, but `Host` is `b`.'],
  // A missing or malformed Host has a rule of its own.
  ['GET http://example.com/ HTTP/1.1', 'a b', 'kept'],
  ['GET http://example.com/ HTTP/1.1', undefined, 'kept'],
  ['GET http://example.com/ HTTP/1.1', ['example.com', 'example.org'], 'kept'],
])('H-REQ-04: %s with Host %j: %s', (startLine, host, told) => {
  expect(inRequest('H-REQ-04', { startLine, fields: { Host: host } })).toBe(told)
})

test.each([
  ['GET / HTTP/1.0', { status: 400, rule: 'H-REQ-03' }],
  ['GET / HTTP/1.2', { status: 101 }],
  ['GET / HTTP/2.0', { status: 505, rule: 'H-REQ-03' }],
])('H-REQ-03: %s is answered %j', (startLine, answer) => {
  expect(answerOf(judgedWith({ startLine }))).toEqual(answer)
})

test('H-REQ-03: with a key in it, HTTP/1.0 is what a proxy has made of it', () => {
  const startLine = 'GET / HTTP/1.0'
  const hintFor = (key: string | undefined): string | undefined => {
    const judgement = judgedWith({ startLine, fields: { 'Sec-WebSocket-Key': key } })
    return judgement.ok ? undefined : judgement.refusal.hint?.en
  }
  expect(hintFor('dGhlIHNhbXBsZSBub25jZQ==')).toMatch(/nginx .*`proxy_http_version 1.1`/)
  expect(hintFor(undefined)).toBeUndefined()
})

test('H-REQ-06: without Upgrade it is said whether the rest asks for a WebSocket', () => {
  const Upgrade = undefined
  expect(inRequest('H-REQ-06', { fields: { Upgrade } })).toBe(
    'broken: There is no `Upgrade` field, although `Sec-WebSocket-Key` is there.',
  )
  expect(inRequest('H-REQ-06', { fields: { Upgrade, 'Sec-WebSocket-Key': undefined } })).toBe(
    'broken: There is no `Upgrade` field.',
  )
  expect(inRequest('H-REQ-06', { fields: { Upgrade: 'h2c' } })).toMatch(/^broken: `Upgrade` is `h2c`/)
})

test('H-REQ-07: Connection is missing, or lists other options', () => {
  expect(inRequest('H-REQ-07', { fields: { Connection: undefined } })).toBe('broken: There is no `Connection` field.')
  expect(inRequest('H-REQ-07', { fields: { Connection: 'close' } })).toMatch(/^broken: `Connection` is `close`/)
  expect(inRequest('H-REQ-07', { fields: { Connection: 'keep-alive, Upgrade' } })).toBe('kept')
})

test('H-REQ-05: Host is missing, or empty', () => {
  expect(inRequest('H-REQ-05', { fields: { Host: undefined } })).toBe('broken: There is no `Host` field.')
  expect(inRequest('H-REQ-05', { fields: { Host: '' } })).toBe('broken: `Host` is empty.')
})
