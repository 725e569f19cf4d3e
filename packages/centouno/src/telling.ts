/*
 * What a browser may import of the engine: the tables and sentences that reports are told with. Nothing in here reaches
 * for Node.
 */

export type { Language, Text } from './protocol/text.ts'
export type {
  FormatRule,
  Rule,
  RuleLevel,
  RuleOutcome,
  RuleSide,
  RuleSubject,
  RuleVerdict,
} from './protocol/handshake/rule.ts'
export { formatRules, ruleById, rules } from './protocol/handshake/rule-table.ts'
