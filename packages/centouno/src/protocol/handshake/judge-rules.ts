import type { JudgedRule } from './rule-row.ts'
import type { RuleVerdict } from './rule.ts'

/** The verdicts on one handshake in the table's order, and the ids of the rules that refuse it. */
export interface JudgedRules {
  readonly verdicts: readonly RuleVerdict[]
  readonly broken: readonly string[]
}

/** Judges facts by a fixed list of rules; `relaxed` holds ids whose faults are told but not enforced. */
export type RuleJudge<Facts> = (facts: Facts, relaxed: ReadonlySet<string>) => JudgedRules

const nothingBroken: readonly string[] = []

/**
 * Makes the judge of a list of rules. Every rule is judged, since a person wants all faults and not the first. The
 * verdicts that say nothing new (kept, idle) are made once, here: a handshake that is in order allocates one array.
 */
export function ruleJudge<Facts>(rules: readonly JudgedRule<Facts>[]): RuleJudge<Facts> {
  const prepared = rules.map((rule) => ({
    rule,
    kept: Object.freeze<RuleVerdict>({ id: rule.id, ok: true, outcome: 'kept' }),
    idle: Object.freeze<RuleVerdict>({ id: rule.id, ok: true, outcome: 'idle' }),
  }))
  return (facts, relaxed) => {
    let broken: string[] | undefined
    const verdicts = prepared.map(({ rule, kept, idle }): RuleVerdict => {
      if (rule.applies?.(facts) === false) return idle
      const found = rule.check(facts)
      if (found === undefined) return kept
      if (isRelaxed(rule, relaxed) || rule.tolerated?.(facts) === true) {
        return { id: rule.id, ok: true, outcome: 'noted', found }
      }
      broken ??= []
      broken.push(rule.id)
      return { id: rule.id, ok: false, outcome: 'broken', found }
    })
    return { verdicts, broken: broken ?? nothingBroken }
  }
}

function isRelaxed(rule: { id: string; sameFaultAs?: string }, relaxed: ReadonlySet<string>): boolean {
  return relaxed.has(rule.id) || (rule.sameFaultAs !== undefined && relaxed.has(rule.sameFaultAs))
}

/** The broken rule that stands earliest in `order`: the one a refusal or an error is named after. */
export function mostTelling(broken: readonly string[], order: readonly string[]): string | undefined {
  return order.find((id) => broken.includes(id)) ?? broken[0]
}
