import { redactReport } from 'centouno/telling'
import type { ClosingText, ConnectionReport, Language, RuleLevel, RuleOutcome, Verdict } from 'centouno/telling'
import type { ToldClosing } from './dialogue.ts'
import { endText } from './passed-end.ts'
import { ruleOf } from './rule-text.ts'
import { verdictWords } from './verdict-words.ts'

/** A rule's verdict with the rule's own words beside it, in one language. */
interface RuleJson {
  readonly id: string
  readonly ok: boolean
  readonly outcome: RuleOutcome
  /** Null for a rule that this version does not know. */
  readonly clause: string | null
  readonly level: RuleLevel | null
  readonly sentence: string
  /** Empty when there is nothing to add to the sentence. */
  readonly found: string
}

/** A report as `--json` prints it: a ConnectionReport whose texts are in one language, and how the connection ended. */
export interface ReportJson extends Omit<ConnectionReport, 'rules'> {
  readonly rules: readonly RuleJson[]
  /** Null when there was no connection to end. */
  readonly closing: (ToldClosing & { readonly end: ClosingText }) | null
}

/**
 * Makes the object for `--json`. Secrets of the request and the reply are replaced.
 *
 * @param watched whoever tells it may not have made it: neither side is "this side"
 */
export function reportJson(
  full: ConnectionReport,
  language: Language,
  closing?: ToldClosing,
  watched: boolean = false,
): ReportJson {
  const report = redactReport(full)
  const verdict: Verdict = { ...report.verdict, ...verdictWords(report.verdict, language) }
  const rules = report.rules.map((judged): RuleJson => {
    const rule = ruleOf(judged)
    return {
      id: judged.id,
      ok: judged.ok,
      outcome: judged.outcome,
      clause: rule?.clause ?? null,
      level: rule?.level ?? null,
      sentence: rule?.sentence[language] ?? '',
      found: judged.found?.[language] ?? '',
    }
  })
  return {
    ...report,
    verdict,
    rules,
    closing: closing === undefined ? null : { ...closing, end: endText(closing, language, watched) },
  }
}
