import type { RuleVerdict } from 'centouno/telling'
import { placeOfRule } from '../../src/telling/rule-places.ts'
import type { WirePlace } from '../../src/telling/rule-places.ts'

/** One line of a head as it went over the wire, its line end left out. */
export interface WireLine {
  /** The field's name in lower case; `start` for the request or status line; empty for the last, empty line. */
  readonly part: string
  /** The field's name as it stood; empty where there is none. */
  readonly name: string
  /** What follows the name, colon included; the whole line where there is no name. */
  readonly text: string
  /** The line end as it can be shown: `\r\n`, `\n`, or nothing where the text just stops. */
  readonly end: string
  /** What the rules found about this line, the worst first; `idle` when no rule speaks of it. */
  readonly outcome: RuleVerdict['outcome']
}

const severity: Readonly<Record<RuleVerdict['outcome'], number>> = { broken: 3, noted: 2, kept: 1, idle: 0 }

/** A head cut into its lines, each with what the rules found about it. */
export function wireLines(
  head: string,
  side: WirePlace['side'],
  verdicts: readonly RuleVerdict[],
): readonly WireLine[] {
  const worst = new Map<string, RuleVerdict['outcome']>()
  for (const { id, outcome } of verdicts) {
    const place = placeOfRule(id)
    if (place?.side !== side) continue
    if (severity[outcome] > severity[worst.get(place.part) ?? 'idle']) worst.set(place.part, outcome)
  }
  const pieces = head.split(/(\r\n|\n)/)
  const found: WireLine[] = []
  for (let index = 0; index < pieces.length; index += 2) {
    const text = pieces[index] ?? ''
    const end = pieces[index + 1]
    if (text === '' && end === undefined) break
    const name = index === 0 ? '' : fieldName(text)
    const part = index === 0 ? 'start' : name.trim().toLowerCase()
    const outcome = worst.get(part) ?? 'idle'
    found.push({ part, name, text: text.slice(name.length), end: shownEnd(end), outcome })
  }
  return found
}

function fieldName(line: string): string {
  return line.slice(0, Math.max(0, line.indexOf(':')))
}

function shownEnd(end: string | undefined): string {
  if (end === '\r\n') return String.raw`\r\n`
  return end === '\n' ? String.raw`\n` : ''
}
