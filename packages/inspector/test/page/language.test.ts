import { describe, expect, test } from 'vitest'
import type { Text } from 'centouno/telling'
import { firstLanguage, language, say } from '../../page/src/language.ts'
import { factWord } from '../../src/telling/fact-words.ts'
import * as tables from '../../page/src/words.ts'

describe('firstLanguage', () => {
  test.each([
    ['zh', ['en-US'], 'zh'],
    ['en', ['zh-CN'], 'en'],
    [null, ['zh-CN', 'en'], 'zh'],
    [null, ['ZH'], 'zh'],
    [null, ['fr', 'zh-TW', 'en'], 'zh'],
    [null, ['fr', 'en-GB', 'zh'], 'en'],
    [null, ['fr'], 'en'],
    [null, [], 'en'],
    ['klingon', ['zh'], 'zh'],
  ])('remembered %j, preferred %j: %s', (remembered, preferred, expected) => {
    expect(firstLanguage(remembered, preferred)).toBe(expected)
  })
})

test('say follows the language and fills places', () => {
  const text = { en: '{count} in use', zh: '已设 {count} 项' }
  language.value = 'en'
  expect(say(text, { count: 2 })).toBe('2 in use')
  language.value = 'zh'
  expect(say(text, { count: 2 })).toBe('已设 2 项')
})

function places(sentence: string): string[] {
  return (sentence.match(/\{\w+\}/g) ?? []).toSorted()
}

describe('words', () => {
  const all: [string, Text][] = [
    ...Object.entries(tables.words),
    ...Object.entries(tables.stageWords).flatMap(([name, { name: word, does }]): [string, Text][] => [
      [name, word],
      [`${name} does`, does],
    ]),
    ...[tables.stateWords, tables.phaseWords, tables.outcomeWords, tables.levelWords].flatMap((table) =>
      Object.entries<Text>(table),
    ),
  ]

  test.each(all)('%s is said in both languages, with the same places', (_name, { en, zh }) => {
    expect(en.trim()).not.toBe('')
    expect(zh.trim()).not.toBe('')
    expect(places(zh)).toEqual(places(en))
  })

  test('a fact the page does not know keeps its name', () => {
    expect(factWord('port').zh).toBe('端口')
    expect(factWord('toString')).toEqual({ en: 'toString', zh: 'toString' })
  })
})
