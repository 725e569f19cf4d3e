import { expect, test } from 'vitest'
import { prosePieces } from '../../page/src/prose.ts'

test('literal names are told apart from the words around them', () => {
  expect(prosePieces('`Upgrade` asks for `websocket`.')).toEqual([
    { text: 'Upgrade', isCode: true },
    { text: ' asks for ', isCode: false },
    { text: 'websocket', isCode: true },
    { text: '.', isCode: false },
  ])
})

test('a sentence without any is one piece, and an empty one none', () => {
  expect(prosePieces('所有规则都遵守了。')).toEqual([{ text: '所有规则都遵守了。', isCode: false }])
  expect(prosePieces('')).toEqual([])
})

test('a backtick without another stands for itself', () => {
  expect(prosePieces('`Host` is "a`b"')).toEqual([
    { text: 'Host', isCode: true },
    { text: ' is "a', isCode: false },
    { text: '`b"', isCode: false },
  ])
})
