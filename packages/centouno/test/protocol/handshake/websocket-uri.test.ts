import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readWebSocketUri } from '../../../src/protocol/handshake/websocket-uri.ts'
import type { WebSocketUri } from '../../../src/protocol/handshake/websocket-uri.ts'

function uriOf(text: string): WebSocketUri {
  const reading = readWebSocketUri(text)
  if (!reading.ok) throw new Error(`${text} was refused by ${reading.rule}: ${reading.found}`)
  return reading.uri
}

describe('H-URI-01: schemes and ports', () => {
  test.each([
    // text, secure, port, value of Host
    ['ws://h', false, 80, 'h'],
    ['wss://h', true, 443, 'h'],
    ['WS://H/', false, 80, 'h'],
    ['wss://h:443/', true, 443, 'h'],
    ['ws://h:80/', false, 80, 'h'],
    ['ws://h:443/', false, 443, 'h:443'],
    ['wss://h:80/', true, 80, 'h:80'],
    ['ws://h:65535/', false, 65_535, 'h:65535'],
    ['http://h/', false, 80, 'h'],
    ['https://h:8443/', true, 8443, 'h:8443'],
  ])('%s', (text, secure, port, hostField) => {
    expect(uriOf(text)).toMatchObject({ secure, port, hostField, host: 'h' })
  })

  test.each([
    ['ftp://h/', 'ftp:'],
    ['localhost:8080/chat', 'localhost:'],
    ['javascript:alert(1)', 'javascript:'],
    ['wsx://h', 'wsx:'],
    ['example.com/chat', 'example.com'],
    ['//h/chat', '//h'],
    ['', ''],
    ['://h', '://h'],
  ])('%j is refused', (text, found) => {
    expect(readWebSocketUri(text)).toEqual({ ok: false, rule: 'H-URI-01', found })
  })

  test('http and https become ws and wss', () => {
    expect(uriOf('http://h/a').href).toBe('ws://h/a')
    expect(uriOf('https://h/a').href).toBe('wss://h/a')
  })
})

describe('H-URI-02: what cannot be dialled', () => {
  test.each([
    ['ws://', 'ws://'],
    ['ws://?x', 'ws://'],
    ['ws:///chat', 'ws://'],
    ['ws:h', 'ws:h'],
    ['ws:/h/chat', 'ws:'],
    ['ws://h:99999/', 'ws://h:99999'],
    ['ws://h:0/', 'ws://h:0'],
    ['ws://h:-1/', 'ws://h:-1'],
    ['ws://h:x/', 'ws://h:x'],
    ['ws://h o/', 'ws://h o'],
    ['ws://[::1/', 'ws://[::1'],
    ['ws://[::g]/', 'ws://[::g]'],
    ['ws://256.1.1.1/', 'ws://256.1.1.1'],
    ['ws://a%00b/', 'ws://a%00b'],
    ['ws://h^/', 'ws://h^'],
  ])('%j is refused', (text, found) => {
    expect(readWebSocketUri(text)).toEqual({ ok: false, rule: 'H-URI-02', found })
  })

  test.each([
    ['ws://user:secret@h/', 'ws://***@h'],
    ['ws://user@h/?a@b', 'ws://***@h'],
    ['ws://:secret@h', 'ws://***@h'],
    ['ws://user:s@cret@h o/', 'ws://***@h o'],
  ])('user information is refused, and not repeated: %s', (text, found) => {
    expect(readWebSocketUri(text)).toEqual({ ok: false, rule: 'H-URI-02', found })
  })
})

describe('H-URI-03: fragments', () => {
  test.each(['ws://h/a#b', 'ws://h/a?b#', 'ws://h#', 'wss://h/#access_token=secret'])(
    'are refused, an empty one too, and not repeated: %s',
    (text) => {
      expect(readWebSocketUri(text)).toEqual({ ok: false, rule: 'H-URI-03', found: '#' })
    },
  )

  test('an escaped # is part of the path', () => {
    expect(uriOf('ws://h/a%23b').resource).toBe('/a%23b')
  })
})

test.each([
  ['ws://h', '/', '/', ''],
  ['ws://h?x', '/?x', '/', 'x'],
  ['ws://h/chat?a=1&b=2', '/chat?a=1&b=2', '/chat', 'a=1&b=2'],
  ['ws://h/chat?', '/chat', '/chat', ''],
  ['ws://h/a/../b', '/b', '/b', ''],
  ['ws://h/a?b?c', '/a?b?c', '/a', 'b?c'],
])('H-URI-04: the resource name of %s', (text, resource, path, query) => {
  expect(uriOf(text)).toMatchObject({ resource, path, query })
})

test('H-URI-05: names by IDNA, other parts as escaped UTF-8', () => {
  expect(uriOf('ws://bücher.example/ä?ö')).toMatchObject({
    host: 'xn--bcher-kva.example',
    hostField: 'xn--bcher-kva.example',
    resource: '/%C3%A4?%C3%B6',
  })
})

test('H-REQ-05: an IPv6 address has brackets in Host, and none where it is dialled', () => {
  expect(uriOf('ws://[::1]:8080/')).toMatchObject({ host: '::1', port: 8080, hostField: '[::1]:8080' })
  expect(uriOf('wss://[2001:DB8::0:1]')).toMatchObject({ host: '2001:db8::1', hostField: '[2001:db8::1]' })
})

test('blanks around a URI are ignored, as everywhere', () => {
  expect(uriOf(' \tws://h/ \n').href).toBe('ws://h/')
})

test('any text gives a URI that reads the same again, or a rule', () => {
  const part = fc.constantFrom(
    'ws:',
    'wss:',
    '//',
    '/',
    'h',
    ':',
    '80',
    '@',
    '?',
    '#',
    '[',
    '::1',
    ']',
    '%',
    ' ',
    'ä',
    '\\',
    '\n',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part, { maxLength: 10 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (input) => {
      const reading = readWebSocketUri(input)
      if (!reading.ok) return /^H-URI-0[123]$/.test(reading.rule)
      expect(reading.uri.resource).toMatch(/^\/[!-~]*$/)
      expect(reading.uri.hostField).toMatch(/^[!-~]+$/)
      expect(readWebSocketUri(reading.uri.href)).toEqual(reading)
      return true
    }),
    { numRuns: 3000 },
  )
})
