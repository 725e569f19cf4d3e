import { ruleJudge } from './judge-rules.ts'
import type { RuleVerdict } from './rule.ts'
import { uriRules } from './rules/uri-rules.ts'
import type { UriReading } from './websocket-uri.ts'

const judge = ruleJudge(uriRules)
const nothingRelaxed: ReadonlySet<string> = new Set()

/** The verdicts on a URI. A URI has no rule that could be relaxed: what cannot be read cannot be dialled. */
export function judgeUri(reading: UriReading): RuleVerdict[] {
  return [...judge(reading, nothingRelaxed).verdicts]
}
