import type { SentRequest } from '../protocol/handshake/judgement.ts'
import { acceptValue } from '../protocol/handshake/key.ts'
import { fieldValues } from '../protocol/http/field-lookup.ts'
import type { ResponseHead } from '../protocol/http/head.ts'
import { quote } from '../protocol/http/quote.ts'
import type { CodeDetails } from './codes.ts'
import type { ToldFailure } from './reply-code.ts'

const accept = 'sec-websocket-accept'
const extensions = 'sec-websocket-extensions'
const subprotocol = 'sec-websocket-protocol'

const codes: ReadonlyMap<string, string> = new Map([
  ['H-RES-03', 'UPGRADE_NO_UPGRADE'],
  ['H-RES-04', 'UPGRADE_NO_CONNECTION'],
  ['H-RES-05', 'UPGRADE_ACCEPT_WRONG'],
  ['H-RES-06', 'UPGRADE_EXTENSION_NOT_OFFERED'],
  ['H-RES-07', 'UPGRADE_EXTENSION_MALFORMED'],
  ['H-RES-08', 'UPGRADE_EXTENSION_PARAMETER'],
  ['H-RES-09', 'UPGRADE_SUBPROTOCOL_NOT_OFFERED'],
  ['H-RES-10', 'UPGRADE_SUBPROTOCOL_MISSING'],
  ['H-RES-11', 'UPGRADE_MALFORMED'],
])

/** The field to quote. */
const fieldByCode: ReadonlyMap<string, string> = new Map([
  ['UPGRADE_NO_UPGRADE', 'upgrade'],
  ['UPGRADE_NO_CONNECTION', 'connection'],
  ['UPGRADE_ACCEPT_WRONG', accept],
  ['UPGRADE_EXTENSION_NOT_OFFERED', extensions],
  ['UPGRADE_EXTENSION_MALFORMED', extensions],
  ['UPGRADE_EXTENSION_PARAMETER', extensions],
  ['UPGRADE_SUBPROTOCOL_NOT_OFFERED', subprotocol],
  ['UPGRADE_SUBPROTOCOL_REPEATED', subprotocol],
])

/** What is told of a 101 that breaks a rule of the opening handshake (RFC 6455 §4.1). */
export function handshakeCode(rule: string, head: ResponseHead, sent: SentRequest): ToldFailure {
  const code = codeFor(rule, head)
  const details: Record<string, string | number> = {
    rule,
    received: received(code, head),
    offered: sent.subprotocols.join(', '),
    ...(code.startsWith('UPGRADE_ACCEPT')
      ? { expected: acceptValue(sent.key), count: fieldValues(head.fields, accept).length }
      : {}),
  }
  return { code, details: withoutEmpty(details) }
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
  return codes.get(rule) ?? 'UPGRADE_RULE_BROKEN'
}

/** What was found where the rule looks, quoted. */
function received(code: string, head: ResponseHead): string {
  const field = fieldByCode.get(code)
  if (field !== undefined) return quote(fieldValues(head.fields, field).join(', '))
  if (code === 'UPGRADE_HTTP_VERSION') return head.version
  return head.faults[0]?.found ?? ''
}

function withoutEmpty(details: CodeDetails): CodeDetails {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== ''))
}
