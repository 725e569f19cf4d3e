import { describe, expect, test } from 'vitest'
import { checkCloseArguments, checkProtocols, checkUrl } from '../../src/whatwg/arguments.ts'

function nameOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return error instanceof DOMException ? error.name : String(error)
  }
  return ''
}

describe('the URL of a WebSocket', () => {
  test.each([
    ['ws://h', 'ws://h/'],
    ['WSS://h:443/a?b', 'wss://h/a?b'],
    ['https://h/', 'wss://h/'],
  ])('%s is %s', (url, href) => {
    expect(checkUrl(url).href).toBe(href)
  })

  test.each(['h', 'ftp://h/', 'ws://', 'ws://h:99999/', 'ws://h/#a', 'ws://h/#'])('%s is a SyntaxError', (url) => {
    expect(nameOf(() => checkUrl(url))).toBe('SyntaxError')
  })
})

describe('the subprotocols of a WebSocket', () => {
  test('may be one, several or none', () => {
    expect(checkProtocols('a')).toEqual(['a'])
    expect(checkProtocols(['a', 'b'])).toEqual(['a', 'b'])
    expect(checkProtocols([])).toEqual([])
  })

  test.each([[['']], [['a b']], [['a', 'a']], [['é']], [['a,b']]])('H-REQ-14: %j is a SyntaxError', (protocols) => {
    expect(nameOf(() => checkProtocols(protocols))).toBe('SyntaxError')
  })
})

describe('the arguments of close', () => {
  test.each([
    [undefined, undefined, { code: undefined, reason: '' }],
    [1000, undefined, { code: 1000, reason: '' }],
    [3000, 'a', { code: 3000, reason: 'a' }],
    [4999, 'b', { code: 4999, reason: 'b' }],
    [undefined, 'only words', { code: 1000, reason: 'only words' }],
    [1000, 'é'.repeat(61) + 'a', { code: 1000, reason: 'é'.repeat(61) + 'a' }],
  ])('%s, %s are taken', (code, reason, expected) => {
    expect(checkCloseArguments(code, reason)).toEqual(expected)
  })

  test.each([0, 999, 1001, 1005, 1006, 2999, 5000, 66_536, -1, Number.NaN])(
    'the code %d is an InvalidAccessError',
    (code) => {
      expect(nameOf(() => checkCloseArguments(code, undefined))).toBe('InvalidAccessError')
    },
  )

  test('a reason of 124 bytes is a SyntaxError', () => {
    expect(nameOf(() => checkCloseArguments(1000, 'é'.repeat(62)))).toBe('SyntaxError')
  })
})
