import { formatRules, ruleById } from 'centouno/telling'
import type { Language, Rule, RuleOutcome, RuleVerdict, Text } from 'centouno/telling'
import { padRight } from './columns.ts'
import { span } from './styled-line.ts'
import type { Span, StyledLine } from './styled-line.ts'

const worstFirst: readonly RuleOutcome[] = ['broken', 'noted', 'kept', 'idle']
const idColumns = 11

/** The seven format rules as a group; each takes the worst outcome of the rows it is made of. */
export function formatRuleLines(verdicts: readonly RuleVerdict[], language: Language): StyledLine[] {
  const byId = new Map(verdicts.map((verdict) => [verdict.id, verdict]))
  return formatRules.map(({ id, sentence, ruleIds }) => {
    const judged = new Set(ruleIds.map((ruleId) => byId.get(ruleId)?.outcome ?? 'idle'))
    const outcome = worstFirst.find((candidate) => judged.has(candidate)) ?? 'idle'
    return [
      markOf(outcome),
      span(padRight(id, idColumns), 'strong'),
      span(sentence[language]),
      span(` ${ruleIds.join(' ')}`, 'faint'),
    ]
  })
}

/** Every rule that was judged, in the table's order. Those with nothing to judge are left out. */
export function ruleLines(verdicts: readonly RuleVerdict[], language: Language): StyledLine[] {
  return verdicts.filter(({ outcome }) => outcome !== 'idle').flatMap((verdict) => verdictLines(verdict, language))
}

/** How many rules came out which way, in words. */
export function ruleCounts(verdicts: readonly RuleVerdict[]): Text {
  const count = (outcome: RuleOutcome): number => verdicts.filter((verdict) => verdict.outcome === outcome).length
  const [kept, broken, noted] = [count('kept'), count('broken'), count('noted')]
  return {
    en: `${kept} kept, ${broken} broken, ${noted} noted`,
    zh: `遵守 ${kept} 条，违反 ${broken} 条，留意 ${noted} 条`,
  }
}

/** The row of a verdict; undefined when a report comes from a version with rules that this one does not have. */
export function ruleOf(verdict: RuleVerdict): Rule | undefined {
  try {
    return ruleById(verdict.id)
  } catch {
    return undefined
  }
}

function verdictLines(verdict: RuleVerdict, language: Language): StyledLine[] {
  const rule = ruleOf(verdict)
  const line: StyledLine = [
    markOf(verdict.outcome),
    span(padRight(verdict.id, idColumns), verdict.outcome === 'kept' ? 'plain' : 'strong'),
    span(rule?.sentence[language] ?? ''),
    span(rule === undefined ? '' : ` ${rule.clause}`, 'faint'),
  ]
  if (verdict.found === undefined) return [line]
  const found = `    ${' '.repeat(idColumns)}${verdict.found[language]}`
  return [line, [span(found, verdict.outcome === 'broken' ? 'bad' : verdict.outcome === 'noted' ? 'note' : 'faint')]]
}

function markOf(outcome: RuleOutcome): Span {
  switch (outcome) {
    case 'kept':
      return span('  ✓ ', 'good')
    case 'broken':
      return span('  ✗ ', 'bad')
    case 'noted':
      return span('  • ', 'note')
    case 'idle':
      return span('  – ', 'faint')
  }
}
