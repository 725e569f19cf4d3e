import type { Break } from '../../src/break-a-rule/break.ts'
import type { BreakOutcome } from '../../src/break-a-rule/break-outcome.ts'
import { breaks } from '../../src/break-a-rule/breaks.ts'

/** How far the breaking of rules has come in one tab: it is there again when the reader comes back to the tab. */
export interface BreakProgress {
  /** The id of the way that is in sight. */
  chosen: string
  /** What was typed instead of what the choice makes. */
  typed: string | undefined
  /** What came of each so far. */
  readonly outcomes: Map<string, BreakOutcome>
  /** What came of what was typed. */
  handOutcome: BreakOutcome | undefined
  /** The attempt that goes on: what was sent, and as which connection. */
  attempt: { readonly connection: string; readonly broken: Break | undefined } | undefined
  /** The ways that are still to be tried. */
  queue: string[]
  /** The way that was tried last; undefined for what was typed. */
  lastSent: string | undefined
}

/** Nothing was tried yet. */
export function noBreaks(): BreakProgress {
  return {
    chosen: breaks[0]?.id ?? '',
    typed: undefined,
    outcomes: new Map(),
    handOutcome: undefined,
    attempt: undefined,
    queue: [],
    lastSent: undefined,
  }
}
