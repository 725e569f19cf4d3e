import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOrigin, originAllowed, ownOrigin } from '../../../src/protocol/handshake/origin.ts'

describe('the own origin', () => {
  test.each([
    [false, 'h', 'http://h'],
    [true, 'h', 'https://h'],
    [false, 'H:80', 'http://h'],
    [true, 'h:443', 'https://h'],
    [true, 'h:80', 'https://h:80'],
    [false, '[::1]:8080', 'http://[::1]:8080'],
  ])('over TLS: %s, Host %s', (secure, hostField, own) => {
    expect(ownOrigin(secure, hostField)).toBe(own)
  })

  test.each(['', 'a b', 'a/b', 'u@h', 'h#', 'h?', 'h:x', 'h:99999', '[::1', 'a%41', 'h\\x', 'h\0', '\t'])(
    'the Host %j has none',
    (hostField) => {
      expect(ownOrigin(false, hostField)).toBeUndefined()
    },
  )
})

describe('H-SEC-01: who is let in', () => {
  const own = 'https://app.example'

  test.each(['https://app.example', 'https://app.example:443', 'HTTPS://APP.example'])(
    'the own origin as %s',
    (origin) => {
      expect(originAllowed(origin, own, [])).toBe(true)
    },
  )

  test.each([
    'http://app.example',
    'https://app.example:8443',
    'https://app.example.evil.example',
    'https://evil.example',
    'https://www.app.example',
    'https://app.example.',
    'wss://app.example',
  ])('not %s', (origin) => {
    expect(originAllowed(origin, own, [])).toBe(false)
  })

  test('listed origins, in any spelling of the same', () => {
    const allowed = ['https://Bücher.example', 'http://h:80', 'chrome-extension://abcdef', 'file://localhost']
    expect(originAllowed('https://xn--bcher-kva.example', own, allowed)).toBe(true)
    expect(originAllowed('http://h', own, allowed)).toBe(true)
    expect(originAllowed('chrome-extension://abcdef', own, allowed)).toBe(true)
    expect(originAllowed('chrome-extension://other', own, allowed)).toBe(false)
    // No host is left of it, so it is only itself.
    expect(originAllowed('file://localhost', own, allowed)).toBe(true)
    expect(originAllowed('file://LOCALHOST', own, allowed)).toBe(false)
    expect(originAllowed('http://h:8080', own, allowed)).toBe(false)
  })

  test('null and malformed origins only when the same text is listed', () => {
    for (const origin of [
      'null',
      '',
      '*',
      'app.example',
      'https://app.example/',
      'https://app.example https://b.example',
    ]) {
      expect(originAllowed(origin, own, ['https://other.example'])).toBe(false)
      expect(originAllowed(origin, own, [origin])).toBe(true)
    }
  })

  test.each([
    'https://app.example/path',
    'https://app.example?x',
    'https://app.example#x',
    'https://user@app.example',
    'https://app.ex\tample',
    'https://app%2eexample',
    'https://app.example\\',
    'https:app.example',
    'https:///app.example',
    '',
    'null',
  ])('the malformed %j is not the own origin, though a URL parser would take it for it', (origin) => {
    expect(originAllowed(origin, own, [])).toBe(false)
  })

  test('a malformed Host lets nobody in, and neither does a malformed entry of the list', () => {
    expect(originAllowed('https://app.example', undefined, [])).toBe(false)
    expect(originAllowed('https://app.example', undefined, ['https://', 'app.example', '*'])).toBe(false)
  })
})

test('webpack-dev-server CVE-2026-14631: no input throws', () => {
  const part = fc.constantFrom(
    'http',
    'https',
    '://',
    ':',
    '80',
    '443',
    'h',
    '[',
    '::1',
    ']',
    '@',
    '%',
    '/',
    ' ',
    '\0',
    'ä',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 3 }), (origin, host, allowed) => {
      const own = ownOrigin(true, host)
      expect(originAllowed(origin, own, [...allowed, origin])).toBe(true)
      expect(own === undefined || originAllowed(own, own, [])).toBe(true)
      expect(!originAllowed(origin, own, []) || /^https:\/\//i.test(origin)).toBe(true)
    }),
    { numRuns: 3000 },
  )
})

test.each<[string, boolean]>([
  ['https://example.com', true],
  ['http://[::1]:8080', true],
  ['chrome-extension://abc', true],
  ['https://example.com/', false],
  ['example.com', false],
  ['null', false],
  ['', false],
])('%o is an origin: %o', (text, expected) => {
  expect(isOrigin(text)).toBe(expected)
})
