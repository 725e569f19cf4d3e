import type { Text } from '../protocol/text.ts'
import type { CodeDetails, CodeRow } from './code-row.ts'
import { connectCodes } from './code-rows/connect.ts'
import { endCodes } from './code-rows/ends.ts'
import { generalCodes } from './code-rows/general.ts'
import { handshakeCodes } from './code-rows/handshake.ts'
import { proxyCodes } from './code-rows/proxy.ts'
import { refusalCodes } from './code-rows/refusals.ts'
import { replyCodes } from './code-rows/reply.ts'
import { resolveCodes } from './code-rows/resolve.ts'
import { secureCodes } from './code-rows/secure.ts'
import { statusCodes } from './code-rows/status.ts'
import { violationCodes } from './code-rows/violations.ts'

export type { CodeDetails, CodeRow } from './code-row.ts'

/**
 * Every way in which a connection fails to open, is refused, or ends, in the order of the stages. Rules of the opening
 * handshake (`rules`) and status codes of a Close (`statusCodes`) have tables of their own.
 */
export const codes: readonly CodeRow[] = [
  ...resolveCodes,
  ...connectCodes,
  ...proxyCodes,
  ...secureCodes,
  ...replyCodes,
  ...statusCodes,
  ...handshakeCodes,
  ...refusalCodes,
  ...generalCodes,
  ...violationCodes,
  ...endCodes,
]

const rowByCode: ReadonlyMap<string, CodeRow> = new Map(codes.map((row) => [row.code, row]))

/** Whether the table has this code; a report from another version may carry one it has not. */
export function isCode(code: string): boolean {
  return rowByCode.has(code)
}

/** The row of a code. Throws a RangeError for a code the table does not have. */
export function codeRow(code: string): CodeRow {
  const row = rowByCode.get(code)
  if (row === undefined) throw new RangeError(`The table of codes has no ${code}.`)
  return row
}

/** Fills the `{names}` of a text from the details, in both languages; see {@link CodeRow.sentence} for the rules. */
export function fillText(text: Text, details: CodeDetails): Text {
  return { en: fill(text.en, details), zh: fill(text.zh, details) }
}

// One pass, so that braces and brackets inside a detail (an IPv6 address, a peer's words) are not taken for ours.
function fill(template: string, details: CodeDetails): string {
  return template.replaceAll(/\[([^[\]]*)\]|\{(\w+)\}/g, (_whole, optional: string | undefined, name: string) =>
    optional === undefined ? detail(details, name) : fillOptional(optional, details),
  )
}

function fillOptional(template: string, details: CodeDetails): string {
  let complete = true
  const filled = template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = detail(details, name)
    if (value === '') complete = false
    return value
  })
  return complete ? filled : ''
}

function detail(details: CodeDetails, name: string): string {
  return Object.hasOwn(details, name) ? String(details[name]) : ''
}
