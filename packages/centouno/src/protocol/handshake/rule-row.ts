import type { Field } from '../http/head.ts'
import type { Text } from '../text.ts'
import type { RequestFacts } from './request-facts.ts'
import type { ResponseFacts } from './response-facts.ts'
import type { Rule } from './rule.ts'
import type { UriReading } from './websocket-uri.ts'

/** A row that no single handshake can show: an endpoint keeps it by how it behaves, and a test holds it to that. */
export interface ConductRule extends Rule {
  readonly subject: 'conduct'
}

/** A row that carries its own check, beside the words it checks. */
export interface JudgedRule<Facts> extends Rule {
  /** False when this handshake has nothing for the rule to judge; without it the rule always applies. */
  readonly applies?: (facts: Facts) => boolean
  /** What was found against the rule, in words; undefined when it is kept. */
  readonly check: (facts: Facts) => Text | undefined
  /** True when a departure is told but does not refuse the handshake: a trap, or a choice left open. */
  readonly tolerated?: (facts: Facts) => boolean
  /**
   * The rule that judges the same fault by another clause, and that stands for both: relaxing it relaxes this one
   * too, so that one fault never has to be relaxed twice.
   */
  readonly sameFaultAs?: string
}

/** A row judged on the URI, before anything is sent. */
export interface UriRule extends JudgedRule<UriReading> {
  readonly subject: 'uri'
}

/** How a server answers a request that breaks a rule. */
export interface RefusalAnswer {
  readonly status: number
  readonly fields?: readonly Field[]
  readonly hint?: Text
}

/** A row judged on the request. */
export interface RequestRule extends JudgedRule<RequestFacts> {
  readonly subject: 'request'
  /** 400 when it is left out. */
  readonly refusal?: RefusalAnswer | ((facts: RequestFacts) => RefusalAnswer)
}

/** A row judged on a 101. */
export interface ResponseRule extends JudgedRule<ResponseFacts> {
  readonly subject: 'response'
}

/** Any row of the table; `subject` tells which. */
export type RuleRow = ConductRule | UriRule | RequestRule | ResponseRule
