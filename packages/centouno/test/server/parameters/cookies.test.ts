import { expect, test } from 'vitest'
import { parseCookies } from '../../../src/server/parameters/cookies.ts'

test.each<[string, [string, string][]]>([
  ['', []],
  ['a=1', [['a', '1']]],
  [
    'a=1; b=2;c=3',
    [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ],
  ],
  ['  a \t=  1 ', [['a', '1']]],
  ['a=b=c', [['a', 'b=c']]],
  ['a=', [['a', '']]],
  ['=1', [['', '1']]],
  ['stray; a=1;;', [['a', '1']]],
  ['a="1 2"', [['a', '1 2']]],
  ['a="', [['a', '"']]],
  ['a=%C3%A4%20b', [['a', 'ä b']]],
  ['a=100%', [['a', '100%']]],
  [
    '__proto__=1; a=1; a=2',
    [
      ['__proto__', '1'],
      ['a', '1'],
      ['a', '2'],
    ],
  ],
])('%o', (text, cookies) => {
  expect(parseCookies(text)).toEqual(cookies.map(([name, value]) => ({ name, value })))
})
