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
export { codeRow, codes, fillText } from './report/codes.ts'
export { refusalCodes } from './report/code-rows/refusals.ts'
export type { RefusalRow } from './report/code-rows/refusals.ts'
export type { CodeDetails, CodeRow } from './report/codes.ts'
export { closingCode, closingText } from './report/closing-text.ts'
export type { ClosingText, ToldClosing } from './report/closing-text.ts'
export { hidden } from './report/hiding.ts'
export { redactReport } from './report/redact-report.ts'
export { redactField } from './report/redaction.ts'
export { verdictText } from './report/verdict.ts'
export type { VerdictText } from './report/verdict.ts'
export type {
  ConnectionReport,
  ReportChange,
  ReportObserver,
  RequestRecord,
  ResponseRecord,
  StageFacts,
  StageName,
  StageRecord,
  Verdict,
} from './report/connection-report.ts'
export type { Field } from './protocol/http/head.ts'
export type { CloseFrame, Closing, ClosingCause } from './protocol/connection/closing.ts'
export { statusCodeRow, statusCodes } from './protocol/close/status-codes.ts'
export type { StatusCode } from './protocol/close/status-codes.ts'
export { sendErrorSentences } from './protocol/connection/send-error.ts'
export { violationRow, violations } from './protocol/connection/violations.ts'
export type { Violation, ViolationCode } from './protocol/connection/violations.ts'
