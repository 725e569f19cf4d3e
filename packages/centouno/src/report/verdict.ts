import { rules } from '../protocol/handshake/rule-table.ts'
import type { Language } from '../protocol/text.ts'
import { codeRow, fillText, isCode } from './codes.ts'
import type { CodeDetails } from './codes.ts'
import type { Verdict } from './connection-report.ts'
import { pathText, troubleOf } from './path-text.ts'
import type { StageName } from './stage-name.ts'

/** What a verdict says to a person. */
export interface VerdictText {
  /** What happened. */
  readonly sentence: string
  /** What to do about it; empty when there is nothing to do. */
  readonly hint: string
}

/** A verdict in words. A code from another version, which the table does not have, keeps the English it came with. */
export function verdictText(verdict: Verdict, language: Language): VerdictText {
  return isCode(verdict.code) ? tell(verdict.code, verdict.details, language) : verdict
}

/** The verdict for a code. `stage` is needed where the code can end any stage. */
export function verdictOf(code: string, details: CodeDetails, stage: StageName = codeRow(code).stage): Verdict {
  return { ok: code === 'OPEN', stage, code, ...tell(code, details, 'en'), details }
}

function tell(code: string, details: CodeDetails, language: Language): VerdictText {
  const row = codeRow(code)
  const general = troubleOf(details)?.replacesHint === true ? '' : fillText(row.hint, details)[language]
  const hints = [general, pathText(details, language), namedByServer(details, language)].filter((hint) => hint !== '')
  return { sentence: fillText(row.sentence, details)[language], hint: hints.join(language === 'en' ? ' ' : '') }
}

// A server of ours names in its refusal the rule, or the code of its own: its words are then the best hint.
function namedByServer(details: CodeDetails, language: Language): string {
  const name = String(details['refusal'] ?? '')
  const rule = rules.find(({ id }) => id === name)
  if (rule !== undefined) {
    return language === 'en'
      ? `The server names rule ${name}: ${rule.sentence.en}`
      : `服务器指出的规则是 ${name}：${rule.sentence.zh}`
  }
  if (!isCode(name)) return ''
  const sentence = fillText(codeRow(name).sentence, {})
  return language === 'en' ? `The server names ${name}: ${sentence.en}` : `服务器给出的代码是 ${name}：${sentence.zh}`
}
