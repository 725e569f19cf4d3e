import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  pathSegments,
  queryParameters,
  withoutQueryRow,
  withParameter,
  withQueryRow,
  withSegment,
} from '../../page/src/url-parameters.ts'

describe('the path as pieces', () => {
  test.each([
    ['wss://host/rooms/r%C3%A9sum%C3%A9/42?a=b', ['rooms', 'résumé', '42']],
    ['wss://host', []],
    ['wss://host/', []],
    ['wss://host?a', []],
    ['wss://host/a/', ['a', '']],
    ['wss://host/100%', ['100%']],
    ['', []],
  ])('of %j are %j', (url, segments) => {
    expect(pathSegments(url)).toEqual(segments)
  })

  test('a piece is changed, and nothing else', () => {
    expect(withSegment('wss://host/rooms/42?a=%7e#f', 1, 'a/b ü')).toBe('wss://host/rooms/a%2Fb%20%C3%BC?a=%7e#f')
  })
})

describe('the query as rows', () => {
  test.each([
    [
      'ws://h/?a=1&b=%20x&c&d=',
      [
        ['a', '1'],
        ['b', ' x'],
        ['c', ''],
        ['d', ''],
      ],
    ],
    ['ws://h/?a=1+2=3', [['a', '1 2=3']]],
    ['ws://h/?', []],
    ['ws://h/', []],
    ['ws://h/#?a=1', []],
    ['ws://h/?a=%zz', [['a', '%zz']]],
  ])('of %j are %j', (url, rows) => {
    expect(queryParameters(url).map(({ name, value }) => [name, value])).toEqual(rows)
  })

  test.each([
    ['a value', 'ws://h/p?a=1&b=%7E', 0, { value: '2 &' }, 'ws://h/p?a=2%20%26&b=%7E'],
    ['a name', 'ws://h/p?a=1&b', 1, { name: 'c=' }, 'ws://h/p?a=1&c%3D'],
    ['a value where there was none', 'ws://h/p?a', 0, { value: '1' }, 'ws://h/p?a=1'],
    ['a new row', 'ws://h/p', 0, { name: 'a' }, 'ws://h/p?a'],
    ['a new row before a fragment', 'ws://h#f', 0, { name: 'a', value: '' }, 'ws://h/?a=#f'],
    ['a variable, which stays', 'ws://h/p?a=1', 0, { value: '{{token}}é' }, 'ws://h/p?a={{token}}%C3%A9'],
  ])('%s', (_what, url, index, change, expected) => {
    expect(withQueryRow(url, index, change)).toBe(expected)
  })

  test('a row is removed; with the last the question mark goes, too', () => {
    expect(withoutQueryRow('ws://h/?a=1&b=2', 0)).toBe('ws://h/?b=2')
    expect(withoutQueryRow('ws://h/?a=1', 0)).toBe('ws://h/')
  })

  test('whatever is written into a row is read from it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ws://h', 'ws://h/a?', 'wss://h:1/%20?x=1&y', 'ws://h?a=b#c'),
        fc.string({ unit: 'grapheme' }),
        (url, value) => {
          const written = withParameter(url, 'x', value)
          expect(queryParameters(written).at(-1)).toEqual({ name: 'x', value })
          expect(new URL(written).searchParams.getAll('x').at(-1)).toBe(value)
        },
      ),
    )
  })

  test('half of a character, as there is while one types, throws nothing', () => {
    expect(withParameter('ws://h/', 'a', '\uD83D')).toBe('ws://h/?a=%EF%BF%BD')
  })
})
