import type { FormatRule, Language, Rule, RuleVerdict, Text } from 'centouno/telling'

/** A format rule with the verdict that follows from its rows. */
export interface FormatLine {
  readonly id: FormatRule
  readonly sentence: Text
  readonly outcome: RuleVerdict['outcome']
  readonly rows: readonly RuleLine[]
}

/** A rule with what this handshake showed about it. */
export interface RuleLine {
  readonly rule: Rule
  readonly outcome: RuleVerdict['outcome']
  readonly found: Text | undefined
}

/** Which rules the list shows; `judged` leaves out those this handshake had nothing to say about. */
export type RuleFilter = 'judged' | 'broken' | 'noted' | 'all'

interface FormatRow {
  readonly id: FormatRule
  readonly sentence: Text
  readonly ruleIds: readonly string[]
}

const worstFirst: readonly RuleVerdict['outcome'][] = ['broken', 'noted', 'kept', 'idle']

/** Every rule with its verdict, in the table's order. Rules nobody judged are `idle`. */
export function ruleLines(rules: readonly Rule[], verdicts: readonly RuleVerdict[]): readonly RuleLine[] {
  const byId = new Map(verdicts.map((verdict) => [verdict.id, verdict]))
  return rules.map((rule) => {
    const verdict = byId.get(rule.id)
    return { rule, outcome: verdict?.outcome ?? 'idle', found: verdict?.found }
  })
}

/** The seven format rules: broken when one of their rows is, kept when something was judged and nothing was found. */
export function formatLines(formats: readonly FormatRow[], lines: readonly RuleLine[]): readonly FormatLine[] {
  return formats.map(({ id, sentence, ruleIds }) => {
    const rows = lines.filter(({ rule }) => ruleIds.includes(rule.id))
    const outcome = worstFirst.find((candidate) => rows.some((row) => row.outcome === candidate)) ?? 'idle'
    return { id, sentence, outcome, rows }
  })
}

/** The list as shown: filtered, the failing first, the table's order kept within each outcome. */
export function shownRules(
  lines: readonly RuleLine[],
  filter: RuleFilter,
  search: string,
  language: Language,
): readonly RuleLine[] {
  const wanted = search.trim().toLowerCase()
  return lines
    .filter(({ outcome }) => filter === 'all' || (filter === 'judged' ? outcome !== 'idle' : outcome === filter))
    .filter(({ rule, found }) => {
      if (wanted === '') return true
      const text = [rule.id, rule.format ?? '', rule.clause, rule.sentence[language], found?.[language] ?? ''].join(' ')
      return text.toLowerCase().includes(wanted)
    })
    .toSorted((a, b) => worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome))
}

/** How many rules came out each way. */
export function countOutcomes(lines: readonly RuleLine[]): Readonly<Record<RuleVerdict['outcome'], number>> {
  const counts = { broken: 0, noted: 0, kept: 0, idle: 0 }
  for (const { outcome } of lines) counts[outcome] += 1
  return counts
}
