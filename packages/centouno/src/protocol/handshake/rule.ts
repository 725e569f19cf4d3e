import type { Text } from '../text.ts'

/**
 * The opening handshake as data: each requirement is one row with a stable id. The server's refusal, the client's
 * error, the command line, the page and the documentation all speak from the same rows.
 */

/** How strongly the clause asks (RFC 2119); `note` marks a choice the clause leaves open. */
export type RuleLevel = 'must' | 'should' | 'may' | 'note'

/** Whom the clause binds. */
export type RuleSide = 'client' | 'server' | 'both'

/**
 * Where a rule can be seen: in the URI before anything is sent, in the request, in the response, or only in how an
 * endpoint behaves (`conduct`): such a row has a test of its id, but no single handshake can show a verdict on it.
 */
export type RuleSubject = 'uri' | 'request' | 'response' | 'conduct'

/** The seven format rules of a request that an introduction names, F1 to F7. */
export type FormatRule = 'F1' | 'F2' | 'F3' | 'F4' | 'F5' | 'F6' | 'F7'

/** One requirement of the opening handshake. */
export interface Rule {
  /** Stable: `H-REQ-07`. Never renumbered, only added to. */
  readonly id: string
  /** The clause it rests on: `RFC 6455 §4.2.1(4)`. */
  readonly clause: string
  readonly level: RuleLevel
  readonly side: RuleSide
  readonly subject: RuleSubject
  /** What it asks, in one plain sentence. */
  readonly sentence: Text
  /** The format rules this row is part of, if any. */
  readonly format?: FormatRule
}

/**
 * `kept`: looked at and in order. `broken`: a fault that refuses the handshake. `noted`: a departure that is told but
 * tolerated (a SHOULD, a MAY, a trap, or a rule that was relaxed). `idle`: nothing to judge in this handshake.
 */
export type RuleOutcome = 'kept' | 'broken' | 'noted' | 'idle'

/** What one handshake showed about one rule. */
export interface RuleVerdict {
  readonly id: string
  /** False only when `outcome` is `broken`. */
  readonly ok: boolean
  readonly outcome: RuleOutcome
  /** What was found, in words; absent when there is nothing to add to the rule's own sentence. */
  readonly found?: Text
}
