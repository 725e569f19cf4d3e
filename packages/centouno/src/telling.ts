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
export { agreedFacts } from './report/agreed-facts.ts'
export { writeEnd } from './report/end-stages.ts'
export type { FirstFin } from './report/end-stages.ts'
export { handshakeCode } from './report/handshake-code.ts'
export { hidden } from './report/hiding.ts'
export { otherProtocolCode } from './report/other-protocol.ts'
export { Recorder } from './report/recorder.ts'
export type { RecorderOptions, StageWriter } from './report/recorder.ts'
export { replyCode } from './report/reply-code.ts'
export type { AskedFor, OrdinaryReply, ToldFailure } from './report/reply-code.ts'
export { redactReport } from './report/redact-report.ts'
export { redactField, redactHeadText, redactor, redactTarget } from './report/redaction.ts'
export { verdictOf, verdictText } from './report/verdict.ts'
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
export type { Field, RequestHead, ResponseHead } from './protocol/http/head.ts'
export { defaultHeadLimits } from './protocol/http/head-limits.ts'
export { HeadReader } from './protocol/http/head-reader.ts'
export type { HeadReading } from './protocol/http/head-reader.ts'
export { parseRequestHead } from './protocol/http/request-head.ts'
export { parseResponseHead } from './protocol/http/response-head.ts'
export { buildRequest } from './protocol/handshake/build-request.ts'
export type { RequestParts } from './protocol/handshake/build-request.ts'
export { HandshakeInputError } from './protocol/handshake/handshake-input-error.ts'
export { keyFrom } from './protocol/handshake/key.ts'
export { offerDeflate } from './protocol/deflate/negotiation.ts'
export { defaultRequestPolicy, judgeRequest } from './protocol/handshake/judge-request.ts'
export { judgeResponse } from './protocol/handshake/judge-response.ts'
export type { AcceptedResponse, SentRequest } from './protocol/handshake/judgement.ts'
export { judgeUri } from './protocol/handshake/judge-uri.ts'
export { readWebSocketUri } from './protocol/handshake/websocket-uri.ts'
export type { WebSocketUri } from './protocol/handshake/websocket-uri.ts'
export { quote } from './protocol/http/quote.ts'
export type { ExtensionOffer } from './protocol/handshake/extension-list.ts'
export { readClosePayload } from './protocol/close/close-payload.ts'
export { blankHeader, tryReadHeader } from './protocol/frame/header.ts'
export type { CloseFrame, Closing, ClosingCause } from './protocol/connection/closing.ts'
export { statusCodeRow, statusCodes } from './protocol/close/status-codes.ts'
export type { StatusCode } from './protocol/close/status-codes.ts'
export { sendErrorSentences } from './protocol/connection/send-error.ts'
export { violationRow, violations } from './protocol/connection/violations.ts'
export type { Violation, ViolationCode } from './protocol/connection/violations.ts'
