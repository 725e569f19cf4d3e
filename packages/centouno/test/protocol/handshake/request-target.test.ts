import { expect, test } from 'vitest'
import { readRequestTarget } from '../../../src/protocol/handshake/request-target.ts'

test.each([
  ['/', { form: 'origin', path: '/', query: '' }],
  ['/a?b?c', { form: 'origin', path: '/a', query: 'b?c' }],
  ['//a', { form: 'origin', path: '//a', query: '' }],
  // Browsers leave these in a query.
  ['/a?{|}^"', { form: 'origin', path: '/a', query: '{|}^"' }],
  ['http://h', { form: 'absolute', secure: false, authority: 'h', path: '/', query: '' }],
  ['HTTPS://h:1/a?b', { form: 'absolute', secure: true, authority: 'h:1', path: '/a', query: 'b' }],
  ['http://h?/', { form: 'absolute', secure: false, authority: 'h', path: '/', query: '/' }],
  ['*', { form: 'asterisk' }],
  ['h:80', { form: 'authority' }],
  ['', { form: 'unreadable' }],
  ['a', { form: 'unreadable' }],
  ['ws://h/', { form: 'unreadable' }],
  ['/a#b', { form: 'unreadable' }],
  ['/a b', { form: 'unreadable' }],
  ['/\xe9', { form: 'unreadable' }],
])('%j', (target, expected) => {
  expect(readRequestTarget(target)).toEqual(expected)
})
