import { rules } from '../protocol/handshake/rule-table.ts'
import { fieldValues } from '../protocol/http/field-lookup.ts'
import type { Field, ResponseHead } from '../protocol/http/head.ts'
import { quote } from '../protocol/http/quote.ts'
import type { CodeDetails } from './codes.ts'
import { isCode } from './codes.ts'
import { replyPath } from './reply-path.ts'

const codeByStatus: ReadonlyMap<number, string> = new Map([
  [400, 'UPGRADE_BAD_REQUEST'],
  [401, 'UPGRADE_UNAUTHORIZED'],
  [403, 'UPGRADE_FORBIDDEN'],
  [404, 'UPGRADE_NOT_FOUND'],
  [405, 'UPGRADE_METHOD_NOT_ALLOWED'],
  [407, 'UPGRADE_PROXY_AUTH'],
  [410, 'UPGRADE_NOT_FOUND'],
  [426, 'UPGRADE_UPGRADE_REQUIRED'],
  [429, 'UPGRADE_TOO_MANY'],
  [502, 'UPGRADE_BAD_GATEWAY'],
  [503, 'UPGRADE_UNAVAILABLE'],
  [504, 'UPGRADE_BAD_GATEWAY'],
])

// By the first digit, where the status itself has no code.
const codeByClass: ReadonlyMap<number, string> = new Map([
  [2, 'UPGRADE_OK_INSTEAD'],
  [3, 'UPGRADE_REDIRECT'],
  [5, 'UPGRADE_SERVER_ERROR'],
])

// How nginx, Apache and Go say, in plain text, that they had expected TLS.
const tlsExpected: readonly string[] = [
  'plain http request was sent to https port',
  'speaking plain http to an ssl-enabled server port',
  'sent an http request to an https server',
]

/** A reply that does not switch. */
export interface OrdinaryReply {
  readonly head: Pick<ResponseHead, 'status' | 'reason' | 'fields'> & Partial<Pick<ResponseHead, 'version'>>
  readonly body: string
}

/** What the reply is to. */
export interface AskedFor {
  readonly target: string
  readonly fields: readonly Field[]
  /** Whether it went over TLS. */
  readonly secure: boolean
}

/** What is told of a failure: a code of the table, and the values of its sentence. */
export interface ToldFailure {
  readonly code: string
  readonly details: CodeDetails
}

/** What an ordinary HTTP reply to an opening request stands for, with what its fields and body say about it (H-TRAP-05). */
export function replyCode(reply: OrdinaryReply, request: AskedFor): ToldFailure {
  const { status, reason, fields } = reply.head
  const code = codeOf(reply, request.secure)
  const refusal = namedRefusal(reply.body)
  const details = {
    status,
    reason,
    target: request.target,
    says: plainWords(reply),
    refusal,
    location: line(fields, 'location'),
    challenge: line(fields, status === 407 ? 'proxy-authenticate' : 'www-authenticate'),
    allow: line(fields, 'allow'),
    versions: line(fields, 'sec-websocket-version'),
    retryAfter: delay(line(fields, 'retry-after')),
    origin: line(request.fields, 'origin'),
    ...replyPath(reply, request, code, refusal),
  }
  const told = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== ''))
  return { code, details: told }
}

function codeOf({ head: { status }, body }: OrdinaryReply, secure: boolean): string {
  const words = body.toLowerCase()
  if (!secure && (namedRefusal(body) === 'SERVER_TLS_EXPECTED' || tlsExpected.some((phrase) => words.includes(phrase))))
    return 'UPGRADE_TLS_EXPECTED'
  return codeByStatus.get(status) ?? codeByClass.get(Math.trunc(status / 100)) ?? 'UPGRADE_STATUS'
}

function line(fields: readonly Field[], name: string): string {
  return quoteLong(fieldValues(fields, name).join(', '))
}

// A location may well be longer than a quotation; it is made harmless all the same.
function quoteLong(text: string): string {
  let quoted = ''
  for (let start = 0; start < Math.min(text.length, 480); start += 48) quoted += quote(text.slice(start, start + 48))
  return quoted
}

function delay(retryAfter: string): string {
  return /^[0-9]+$/.test(retryAfter) ? `${retryAfter} s` : retryAfter
}

/** The first line of a body that is plain text or JSON, or of a refusal's words; a page of HTML says little in one line. */
export function plainWords({ head, body }: OrdinaryReply): string {
  const [type = ''] = (fieldValues(head.fields, 'content-type')[0] ?? '').split(';')
  if (!/^\s*(?:text\/plain|application\/(?:[a-z]+\+)?json)\s*$/i.test(type)) return ''
  const trimmed = body.replace(ownSummary, '').trim()
  const end = trimmed.indexOf('\n')
  return quoteLong((end === -1 ? trimmed : trimmed.slice(0, end)).trim())
}

// How a refusal by a server of ours begins.
const ownSummary = /^\d{3}[^\n]{0,40}\ncode: [^\n]{1,40}\n/

/** What a server of ours names as its reason: a rule, or a code; empty for other servers. */
function namedRefusal(body: string): string {
  const code = /^code: ([A-Z0-9_-]{1,40})$/m.exec(body)?.[1] ?? ''
  if (isCode(code) || isRule(code)) return code
  for (const [id] of body.matchAll(/\bH-[A-Z0-9]{1,8}-\d{2}\b/g)) {
    if (isRule(id)) return id
  }
  return ''
}

function isRule(id: string): boolean {
  return rules.some((rule) => rule.id === id)
}
