import { encodeLatin1 } from '../../src/protocol/encoding/latin1.ts'
import { judgeRequest, defaultRequestPolicy } from '../../src/protocol/handshake/judge-request.ts'
import { judgeResponse } from '../../src/protocol/handshake/judge-response.ts'
import type {
  RequestJudgement,
  RequestPolicy,
  ResponseJudgement,
  SentRequest,
} from '../../src/protocol/handshake/judgement.ts'
import type { RuleOutcome, RuleVerdict } from '../../src/protocol/handshake/rule.ts'
import { parseRequestHead } from '../../src/protocol/http/request-head.ts'
import { parseResponseHead } from '../../src/protocol/http/response-head.ts'

/** The key of RFC 6455 §1.3, and its answer. */
export const sampleKey = 'dGhlIHNhbXBsZSBub25jZQ=='
export const sampleAccept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='

/** What to change in a valid message: a name maps to its value, to several lines of values, or to nothing. */
export interface Changes {
  readonly startLine?: string
  readonly fields?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Lines as they are, after the others. */
  readonly lines?: readonly string[]
  readonly after?: string
}

const validRequest: Readonly<Record<string, string>> = {
  Host: 'example.com',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': sampleKey,
  'Sec-WebSocket-Version': '13',
}

const validSwitch: Readonly<Record<string, string>> = {
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Accept': sampleAccept,
}

/** A valid opening request, but for the changes. */
export function requestText(changes: Changes = {}): string {
  return messageText('GET / HTTP/1.1', validRequest, changes)
}

/** A valid 101 that answers `sampleKey`, but for the changes. */
export function switchText(changes: Changes = {}): string {
  return messageText('HTTP/1.1 101 Switching Protocols', validSwitch, changes)
}

function messageText(startLine: string, valid: Readonly<Record<string, string>>, changes: Changes): string {
  const fields = Object.entries({ ...valid, ...changes.fields }).flatMap(([name, value]) => {
    const values = value === undefined || typeof value === 'string' ? [value] : value
    return values.flatMap((each) => (each === undefined ? [] : [`${name}: ${each}`]))
  })
  const lines = [changes.startLine ?? startLine, ...fields, ...(changes.lines ?? [])]
  return `${lines.join('\r\n')}\r\n\r\n${changes.after ?? ''}`
}

/** Judges a request given as text. */
export function judged(text: string, policy: Partial<RequestPolicy> = {}): RequestJudgement {
  return judgeRequest(parseRequestHead(encodeLatin1(text)), { ...defaultRequestPolicy, ...policy })
}

/** Judges a changed request. */
export function judgedWith(changes: Changes, policy: Partial<RequestPolicy> = {}): RequestJudgement {
  return judged(requestText(changes), policy)
}

/** What the client sent, when nothing else is said: `sampleKey` and no offers. */
export const plainlySent: SentRequest = {
  key: sampleKey,
  subprotocols: [],
  extensions: [],
  requireSubprotocol: true,
  relaxed: new Set(),
}

/** Judges a 101 given as text. */
export function judgedSwitch(text: string, sent: Partial<SentRequest> = {}): ResponseJudgement {
  return judgeResponse(parseResponseHead(encodeLatin1(text)), { ...plainlySent, ...sent })
}

/** Judges a changed 101. */
export function judgedSwitchWith(changes: Changes, sent: Partial<SentRequest> = {}): ResponseJudgement {
  return judgedSwitch(switchText(changes), sent)
}

interface Judgement {
  readonly verdicts: readonly RuleVerdict[]
}

/** The outcome of one rule in a judgement. */
export function outcomeOf(judgement: Judgement, id: string): RuleOutcome | undefined {
  return judgement.verdicts.find((verdict) => verdict.id === id)?.outcome
}

/** The ids of all rules with that outcome. */
export function idsOf(judgement: Judgement, outcome: RuleOutcome): string[] {
  return judgement.verdicts.filter((verdict) => verdict.outcome === outcome).map(({ id }) => id)
}

/** The status and rule of a refusal; 101 when the request was accepted. */
export function answerOf(judgement: RequestJudgement): { status: number; rule?: string | undefined } {
  return judgement.ok ? { status: 101 } : { status: judgement.refusal.status, rule: judgement.refusal.rule }
}
