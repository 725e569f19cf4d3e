import { describe, expect, test } from 'vitest'
import { formatRules, rules } from 'centouno/telling'
import type { RuleVerdict } from 'centouno/telling'
import { countOutcomes, formatLines, ruleLines, shownRules } from '../../page/src/rule-view.ts'
import { verdict } from './sample.ts'

const verdicts: RuleVerdict[] = [
  verdict('H-REQ-02', 'kept'),
  verdict('H-REQ-05', 'kept'),
  { ...verdict('H-REQ-08', 'broken'), found: { en: 'it has 15 bytes', zh: '只有 15 个字节' } },
  verdict('H-REQ-11', 'noted'),
]
const lines = ruleLines(rules, verdicts)

describe('ruleLines', () => {
  test('has every rule once, those nobody judged idle', () => {
    expect(lines.map(({ rule }) => rule.id)).toEqual(rules.map(({ id }) => id))
    expect(countOutcomes(lines)).toEqual({ broken: 1, noted: 1, kept: 2, idle: rules.length - 4 })
  })
})

describe('formatLines', () => {
  test('a format rule is what its worst row is', () => {
    const outcomes = Object.fromEntries(formatLines(formatRules, lines).map(({ id, outcome }) => [id, outcome]))
    expect(outcomes).toEqual({ F1: 'idle', F2: 'kept', F3: 'kept', F4: 'idle', F5: 'broken', F6: 'idle', F7: 'noted' })
  })

  test('every format rule has rows', () => {
    for (const { rows } of formatLines(formatRules, lines)) expect(rows.length).toBeGreaterThan(0)
  })
})

function ids(...given: Parameters<typeof shownRules>): string[] {
  return shownRules(...given).map(({ rule }) => rule.id)
}

describe('shownRules', () => {
  test('judged: the failing first, then the noted, then the kept in the order of the table', () => {
    expect(ids(lines, 'judged', '', 'en')).toEqual(['H-REQ-08', 'H-REQ-11', 'H-REQ-02', 'H-REQ-05'])
  })

  test('the other filters', () => {
    expect(ids(lines, 'broken', '', 'en')).toEqual(['H-REQ-08'])
    expect(ids(lines, 'noted', '', 'en')).toEqual(['H-REQ-11'])
    expect(ids(lines, 'all', '', 'en')).toHaveLength(rules.length)
  })

  test('the search looks at id, clause, sentence and finding, in the language of the page', () => {
    expect(ids(lines, 'judged', ' h-req-08 ', 'en')).toEqual(['H-REQ-08'])
    expect(ids(lines, 'judged', '15 BYTES', 'en')).toEqual(['H-REQ-08'])
    expect(ids(lines, 'judged', '15 个字节', 'zh')).toEqual(['H-REQ-08'])
    expect(ids(lines, 'judged', '15 bytes', 'zh')).toEqual([])
    expect(ids(lines, 'judged', 'F3', 'en')).toEqual(['H-REQ-05'])
  })
})
