import { fieldValues } from '../../protocol/http/field-lookup.ts'
import type { ConnectionReport } from '../../report/connection-report.ts'

const second = 1_000

/**
 * What a refusal says in `Retry-After`, as milliseconds from now; undefined when it says nothing, or nothing that can be
 * read. A date in the past is 0.
 *
 *     Retry-After = HTTP-date / 1*DIGIT
 *
 * @param now Milliseconds since 1970, for a reply without a `Date` of its own: the server's clock is the one it means.
 */
export function retryAfter({ response }: ConnectionReport, now: number): number | undefined {
  const fields = response?.fields ?? []
  const [value] = fieldValues(fields, 'retry-after')
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * second
  const until = dateOf(value)
  return until === undefined ? undefined : Math.max(0, until - (dateOf(fieldValues(fields, 'date')[0]) ?? now))
}

// IMF-fixdate and the two obsolete forms (RFC 9110 §5.6.7) are all Date.parse's own; they begin with a day's name.
function dateOf(text: string | undefined): number | undefined {
  const time = text !== undefined && /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

/**
 * What the reason of a Close says about coming back, as milliseconds; undefined when it says nothing. A convention of
 * this engine, for an HTTP field has no place there:
 *
 *     hint = "retry-after=" 1*DIGIT    ; seconds, as a word of its own anywhere in the reason
 *
 * `restarting; retry-after=30` asks for half a minute.
 */
export function retryAfterInReason(reason: string): number | undefined {
  const found = /(?:^|[\s;,])retry-after=(\d{1,9})(?=$|[\s;,])/i.exec(reason)
  return found === null ? undefined : Number(found[1]) * second
}
