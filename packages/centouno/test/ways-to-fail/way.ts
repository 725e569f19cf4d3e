import type { ConnectError } from '../../src/client/connect-error.ts'
import { ruleById, rules } from '../../src/protocol/handshake/rule-table.ts'
import type { Closing } from '../../src/protocol/connection/closing.ts'
import type { Language } from '../../src/protocol/text.ts'
import { closingCode, closingText } from '../../src/report/closing-text.ts'
import { codeRow, fillText } from '../../src/report/codes.ts'
import { verdictText } from '../../src/report/verdict.ts'
import type { VerdictText } from '../../src/report/verdict.ts'

/** What one side tells. */
export interface Told {
  readonly code: string
  text(language: Language): VerdictText
}

/** What both sides tell; `server` only where it is one of ours. */
export interface Seen {
  readonly client: Told
  readonly server?: Told
}

/** One way in which a connection fails to open, is refused, or ends. */
export interface Way {
  /** What really happens. */
  readonly what: string
  /** The code it is known by; each has one of its own. */
  readonly code: string
  /** Where only one side can know, what the other tells. */
  readonly otherwise?: { readonly client: string } | { readonly server: string }
  /** Makes it happen. */
  run(): Promise<Seen>
}

/** What a client tells that did not get in. A server of ours has told it the code; it is the name that both use. */
export function toldBy(error: ConnectError): Told {
  const { refusal } = error.details
  const { verdict } = error.report
  return { code: String(refusal ?? error.code), text: (language) => verdictText(verdict, language) }
}

/** What a server tells that let nobody in. */
export function toldAs(code: string): Told {
  return {
    code,
    text: (language) => {
      if (!rules.some(({ id }) => id === code)) {
        const { sentence, hint } = codeRow(code)
        return { sentence: fillText(sentence, {})[language], hint: fillText(hint, {})[language] }
      }
      const { sentence, clause } = ruleById(code)
      return { sentence: sentence[language], hint: clause }
    },
  }
}

/** What a side tells of the end of its connection. */
export function toldOf(closing: Closing): Told {
  return { code: closingCode(closing), text: (language) => closingText(closing, language) }
}
