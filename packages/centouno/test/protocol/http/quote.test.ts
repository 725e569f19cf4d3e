import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote } from '../../../src/protocol/http/quote.ts'

test('plain text stays as it is', () => {
  expect(quote('Host: bücher.example')).toBe('Host: bücher.example')
})

test('control bytes, format characters and line separators are escaped', () => {
  expect(quote('a\r\n\tb\0\u001b[31m\u0085\u202e\u2028')).toBe(String.raw`a\r\n\tb\x00\x1b[31m\x85\u202e\u2028`)
})

test('those beyond U+FFFF as well, and a surrogate that stands alone', () => {
  expect(quote('a\u{e0001}b\ud800c')).toBe(String.raw`a\u{e0001}b\ud800c`)
})

test('sixty characters pass, the sixty-first is cut', () => {
  expect(quote('x'.repeat(60))).toBe('x'.repeat(60))
  expect(quote('x'.repeat(61))).toBe(`${'x'.repeat(60)}…`)
})

test('an offence far inside is shown with what stands before it', () => {
  expect(quote(`${'x'.repeat(500)}\0y`, 500)).toBe(String.raw`…xxxxxxxxxxxx\x00y`)
})

test('whatever comes, the quotation is short and printable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(400), (text, around) => {
      const quoted = quote(text, around)
      expect(quoted.length).toBeLessThanOrEqual(62)
      expect(quoted).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
    }),
  )
})
