import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  forbiddenIndex,
  isFieldValue,
  isTargetText,
  isToken,
  tokenEnd,
  trimBlanks,
  versionDigits,
} from '../../../src/protocol/http/grammar.ts'

describe('tokens', () => {
  test('are made of the characters of RFC 9110 §5.6.2 and no others', () => {
    for (let code = 0; code < 0x180; code++) {
      const character = String.fromCharCode(code)
      const allowed = code < 0x80 && /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(character)
      expect(isToken(character), `U+${code.toString(16)}`).toBe(allowed)
    }
  })

  test('are not empty and hold no blank', () => {
    expect(isToken('')).toBe(false)
    expect(isToken('cha t')).toBe(false)
    expect(isToken('chat ')).toBe(false)
    expect(isToken('Sec-WebSocket-Key')).toBe(true)
  })

  test('end where the first other character stands', () => {
    expect(tokenEnd('a=b', 0)).toBe(1)
    expect(tokenEnd('a=b', 1)).toBe(1)
    expect(tokenEnd('a=b', 2)).toBe(3)
    expect(tokenEnd('', 0)).toBe(0)
  })
})

describe('field values', () => {
  test.each(['', 'a', 'a b', 'a\tb', 'caf\u00e9', '\u0080\u00ff', '!"#~'])('%j is one', (value) => {
    expect(isFieldValue(value)).toBe(true)
  })

  test.each([' a', 'a ', '\ta', 'a\r', 'a\nb', 'a\0', 'a\u007f', 'a\u0001b', '\u0100', '你'])('%j is none', (value) => {
    expect(isFieldValue(value)).toBe(false)
  })

  test('the first character that is not allowed is found', () => {
    expect(forbiddenIndex('abc')).toBe(-1)
    expect(forbiddenIndex('ab\rc\0')).toBe(2)
  })
})

test('a target is visible ASCII', () => {
  expect(isTargetText('/chat?a|b^c')).toBe(true)
  for (const target of ['', '/a b', '/a\tb', '/\u00e4', '/\u007f', '/\0']) expect(isTargetText(target)).toBe(false)
})

test('a version has one digit on each side of its dot', () => {
  expect(versionDigits('HTTP/1.1')).toBe('1.1')
  for (const text of ['', 'http/1.1', 'HTTP/1', 'HTTP/1.10', 'HTTP/11.1', 'HTTP/1.1 ', 'HTTP/1.1\n', 'HTTPS/1.1']) {
    expect(versionDigits(text)).toBeUndefined()
  }
})

test('only spaces and tabs are trimmed, from the ends', () => {
  expect(trimBlanks(' \t a b\t ')).toBe('a b')
  expect(trimBlanks(' \t ')).toBe('')
  expect(trimBlanks('\u00a0a\r')).toBe('\u00a0a\r')
})

test('trimming is the same as cutting blanks off by pattern', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(' ', '\t', 'a', '\r'), maxLength: 20 }), (text) => {
      expect(trimBlanks(text)).toBe(text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, ''))
    }),
  )
})
