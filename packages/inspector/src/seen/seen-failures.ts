import { handshakeCode, judgeResponse, otherProtocolCode, quote, replyCode } from 'centouno/telling'
import type { AcceptedResponse, RuleVerdict, SentRequest, ToldFailure } from 'centouno/telling'
import { sentRequest } from '../http/upgrade-request.ts'
import { decodeBase64, latin1 } from '../wire/base64.ts'
import type { Rung } from '../wire/rung.ts'
import type { SeenTcpEnd } from './seen-end.ts'
import type { SeenExchange } from './seen-talk.ts'
import type { SeenTls } from './seen-tls.ts'

/** By which codes an attempt is told that somebody else made. */

/** The alerts of a server by what they mean, as `connect` tells them. */
const serverAlerts: ReadonlyMap<string, string> = new Map([
  ['protocol_version', 'SECURE_PROTOCOL_VERSION'],
  ['handshake_failure', 'SECURE_NO_SHARED_CIPHER'],
  ['insufficient_security', 'SECURE_NO_SHARED_CIPHER'],
  ['unrecognized_name', 'SECURE_NAME_UNKNOWN'],
  ['certificate_required', 'SECURE_CLIENT_CERTIFICATE'],
  ['bad_certificate', 'SECURE_CLIENT_CERTIFICATE'],
  ['unknown_ca', 'SECURE_CLIENT_CERTIFICATE'],
  ['unsupported_certificate', 'SECURE_CLIENT_CERTIFICATE'],
  ['certificate_unknown', 'SECURE_CLIENT_CERTIFICATE'],
  ['certificate_expired', 'SECURE_CLIENT_CERTIFICATE'],
  ['certificate_revoked', 'SECURE_CLIENT_CERTIFICATE'],
])

/** The alerts by which a client says that it does not believe the server's certificate. */
const clientAlerts: ReadonlyMap<string, string> = new Map([
  ['unknown_ca', 'SECURE_UNKNOWN_AUTHORITY'],
  ['certificate_expired', 'SECURE_EXPIRED'],
  ['bad_certificate', 'SECURE_CERTIFICATE_REJECTED'],
  ['certificate_unknown', 'SECURE_CERTIFICATE_REJECTED'],
  ['certificate_revoked', 'SECURE_CERTIFICATE_REJECTED'],
  ['unsupported_certificate', 'SECURE_CERTIFICATE_REJECTED'],
])

/** Why TLS was not established; undefined when what was seen only ends there. */
export function tlsFailure({ alert, notTls }: SeenTls, end: SeenTcpEnd): ToldFailure | undefined {
  if (notTls) return { code: 'SECURE_NOT_TLS', details: {} }
  if (alert !== undefined) {
    const details = { alert: alert.name, reason: `the alert ${alert.name}` }
    if (alert.from === 'client') return { code: clientAlerts.get(alert.name) ?? 'SECURE_FAILED', details }
    return { code: serverAlerts.get(alert.name) ?? 'SECURE_ALERT', details }
  }
  return endFailure('SECURE', end)
}

/** An end in the middle of a stage. */
export function endFailure(stage: 'SECURE' | 'UPGRADE' | 'PROXY', end: SeenTcpEnd): ToldFailure | undefined {
  if (end.reset?.by === 'received') return { code: `${stage}_RESET`, details: { reason: 'RST' } }
  if (end.reset?.by === 'sent' || end.firstFin === 'local') {
    return { code: 'ABORTED', details: { reason: 'the client ended the TCP connection' } }
  }
  return end.firstFin === 'remote' ? { code: `${stage}_ENDED`, details: {} } : undefined
}

/** Why there was no reply; undefined when what was seen only ends there. */
export function silenceFailure(rungs: readonly Rung[], end: SeenTcpEnd): ToldFailure | undefined {
  const unfinished = rungs.find(
    ({ layer, from, fields }) => layer === 'http' && from !== 'client' && fields.length === 0,
  )
  if (unfinished === undefined) return endFailure('UPGRADE', end)
  const bytes = decodeBase64(unfinished.bytes)
  const text = latin1(bytes)
  const received = quote(text)
  if (!/^HTTP\//i.test(text)) return { code: otherProtocolCode(bytes), details: { received } }
  const failure = endFailure('UPGRADE', end)
  return failure && { ...failure, details: { ...failure.details, received } }
}

/** What came of a reply. */
export interface SeenReply {
  readonly verdicts: readonly RuleVerdict[]
  /** What both agreed on; undefined when it did not open. */
  readonly accepted: AcceptedResponse | undefined
  readonly failure: ToldFailure | undefined
}

/** @param wentOn whether the client spoke WebSocket afterwards: then it minded none of the rules that were broken */
export function judgeReply(exchange: SeenExchange, secure: boolean, wentOn: boolean): SeenReply | undefined {
  const { request, response: head, body } = exchange
  if (head === undefined) return undefined
  if (head.status === 0) {
    return {
      verdicts: [],
      accepted: undefined,
      failure: { code: 'UPGRADE_GARBAGE', details: { received: quote(head.text) } },
    }
  }
  if (head.status !== 101) {
    const asked = { target: request.target, fields: request.fields, secure }
    return { verdicts: [], accepted: undefined, failure: replyCode({ head, body }, asked) }
  }
  const sent = sentRequest(request)
  const judgement = wentOn ? judgeLeniently(head, sent) : judgeResponse(head, sent)
  const { verdicts } = judgement
  return judgement.ok
    ? { verdicts, accepted: judgement.accepted, failure: undefined }
    : { verdicts, accepted: undefined, failure: handshakeCode(judgement.rule, head, sent) }
}

/** Notes what is broken instead of refusing it. */
function judgeLeniently(
  head: Parameters<typeof judgeResponse>[0],
  sent: SentRequest,
): ReturnType<typeof judgeResponse> {
  const { verdicts } = judgeResponse(head, sent)
  const broken = verdicts.flatMap(({ id, ok }) => (ok ? [] : [id]))
  return judgeResponse(head, { ...sent, relaxed: new Set(broken) })
}
