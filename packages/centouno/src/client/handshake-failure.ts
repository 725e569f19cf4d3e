import type { SentRequest } from '../protocol/handshake/judgement.ts'
import { acceptValue } from '../protocol/handshake/key.ts'
import { ruleById } from '../protocol/handshake/rule-table.ts'
import { fieldValues } from '../protocol/http/field-lookup.ts'
import type { ResponseHead } from '../protocol/http/head.ts'
import { quote } from '../protocol/http/quote.ts'
import type { CodeDetails } from '../report/codes.ts'
import { StageFailure } from './stage-failure.ts'

/** The field a rule is about, and the code for a 101 that breaks it. */
interface BrokenRule {
  readonly code: string
  readonly field?: string
}

const accept = 'sec-websocket-accept'
const extensions = 'sec-websocket-extensions'
const subprotocol = 'sec-websocket-protocol'

const brokenRules: ReadonlyMap<string, BrokenRule> = new Map([
  ['H-RES-03', { code: 'UPGRADE_NO_UPGRADE', field: 'upgrade' }],
  ['H-RES-04', { code: 'UPGRADE_NO_CONNECTION', field: 'connection' }],
  ['H-RES-05', { code: 'UPGRADE_ACCEPT_WRONG', field: accept }],
  ['H-RES-06', { code: 'UPGRADE_EXTENSION_NOT_OFFERED', field: extensions }],
  ['H-RES-07', { code: 'UPGRADE_EXTENSION_MALFORMED', field: extensions }],
  ['H-RES-08', { code: 'UPGRADE_EXTENSION_PARAMETER', field: extensions }],
  ['H-RES-09', { code: 'UPGRADE_SUBPROTOCOL_NOT_OFFERED', field: subprotocol }],
  ['H-RES-10', { code: 'UPGRADE_SUBPROTOCOL_MISSING' }],
  ['H-RES-11', { code: 'UPGRADE_MALFORMED' }],
])

/** The failure for a 101 that breaks a rule of the opening handshake (RFC 6455 §4.1). */
export function handshakeFailure(rule: string, head: ResponseHead, sent: SentRequest): StageFailure {
  const code = codeFor(rule, head)
  const details: Record<string, string | number> = {
    rule,
    received: received(rule, head),
    offered: sent.subprotocols.join(', '),
    ...(rule === 'H-RES-05' ? { expected: acceptValue(sent.key), count: fieldValues(head.fields, accept).length } : {}),
    ...(code === 'UPGRADE_RULE_BROKEN' ? { ruleSentence: ruleById(rule).sentence.en } : {}),
  }
  return new StageFailure(code, withoutEmpty(details))
}

function codeFor(rule: string, head: ResponseHead): string {
  const { fields } = head
  if (rule === 'H-RES-11' && head.faults.length === 0 && head.version !== '1.1') return 'UPGRADE_HTTP_VERSION'
  const accepts = fieldValues(fields, accept).length
  if (rule === 'H-RES-05' && accepts === 0) return 'UPGRADE_ACCEPT_MISSING'
  // Which field came more than once does not show in the rule (H-SRV-15).
  if ((rule === 'H-RES-05' || rule === 'H-SRV-15') && accepts > 1) return 'UPGRADE_ACCEPT_REPEATED'
  const subprotocols = fieldValues(fields, subprotocol).length
  if ((rule === 'H-RES-09' || rule === 'H-SRV-15') && subprotocols > 1) return 'UPGRADE_SUBPROTOCOL_REPEATED'
  return brokenRules.get(rule)?.code ?? 'UPGRADE_RULE_BROKEN'
}

/** What was found where the rule looks, quoted. */
function received(rule: string, head: ResponseHead): string {
  const field = brokenRules.get(rule)?.field
  if (field !== undefined) return quote(fieldValues(head.fields, field).join(', '))
  return rule === 'H-RES-11' ? (head.faults[0]?.found ?? head.version) : ''
}

function withoutEmpty(details: CodeDetails): CodeDetails {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== ''))
}
