import type { HeadFault } from '../../http/head.ts'
import type { Text } from '../../text.ts'
import type { RequestFacts } from '../request-facts.ts'

/** What a fault of the grammar quotes, as it stands in a report. */
export function faultText({ found }: HeadFault): Text {
  const shown = `\`${found}\``
  return { en: `Found: ${shown}`, zh: `实际收到：${shown}` }
}

/** The faults of a request's head that have a row of their own; any other is a fault of H-REQ-01. */
const ownRow: ReadonlySet<string> = new Set([
  'H-SRV-25',
  'H-H1-04',
  'H-H1-05',
  'H-H1-06',
  'H-H1-09',
  'H-H1-10',
  'H-H1-11',
])

/** The check of H-REQ-01: whatever the parser found that no other row tells. */
export function otherHeadFault({ head }: RequestFacts): Text | undefined {
  const fault = head.faults.find(({ rule }) => !ownRow.has(rule))
  return fault === undefined ? undefined : faultText(fault)
}

/** The check of a rule that the parser of the head has already made: a fault of that id. */
export function headFault(id: string): (facts: RequestFacts) => Text | undefined {
  return ({ head }) => {
    if (head.faults.length === 0) return undefined
    const fault = head.faults.find(({ rule }) => rule === id)
    return fault === undefined ? undefined : faultText(fault)
  }
}
