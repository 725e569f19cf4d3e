import type { Refusal } from '../protocol/handshake/judgement.ts'
import type { Field } from '../protocol/http/head.ts'
import type { RefusalCode } from './code-rows/refusals.ts'
import { refusalRow } from './code-rows/refusals.ts'
import type { CodeDetails } from './codes.ts'
import { fillText } from './codes.ts'

/** What a refusal has besides its code; each part may be left out. */
export interface RefusalParts {
  /** What fills the sentence and the hint. */
  readonly details?: CodeDetails
  /** Fields of the response, such as `Retry-After`. */
  readonly fields?: readonly Field[]
}

/** The refusal for a code of the table: its status, its rule if it has one, its words. */
export function refusalOf(
  code: Exclude<RefusalCode, 'SERVER_REFUSED'>,
  { details = {}, fields = [] }: RefusalParts = {},
): Refusal {
  const { status = 500, rule, sentence, hint } = refusalRow(code)
  return {
    status,
    fields,
    code,
    ...(rule !== undefined && { rule }),
    sentence: fillText(sentence, details),
    hint: fillText(hint, details),
  }
}

/** The application's own refusal: its status, its reason, in the one language it speaks. */
export function refusalByApplication(status: number, reason: string, fields: readonly Field[]): Refusal {
  return { status, fields, code: 'SERVER_REFUSED', sentence: { en: reason, zh: reason } }
}
