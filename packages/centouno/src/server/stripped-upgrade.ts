import type http from 'node:http'
import { buildRefusal } from '../protocol/handshake/build-response.ts'
import { judgeRequest } from '../protocol/handshake/judge-request.ts'
import type { Refusal } from '../protocol/handshake/judgement.ts'
import { upgradeRequired } from '../protocol/handshake/upgrade-required.ts'
import { refusalOf } from '../report/refusal.ts'
import { TLSSocket } from 'node:tls'
import { headOf } from './receive-upgrade.ts'
import type { UpgradeService } from './upgrade-service.ts'

/** Whether an ordinary request has been a WebSocket handshake before a proxy took the upgrade away (H-TRAP-07). */
export function isStripped({ headers }: http.IncomingMessage): boolean {
  return headers['sec-websocket-key'] !== undefined
}

/** Tells of such a request, and answers it when nobody else does. */
export function tellStripped(
  service: UpgradeService,
  incoming: http.IncomingMessage,
  response?: http.ServerResponse,
): void {
  const head = headOf(incoming)
  const { verdicts } = judgeRequest(head, service.policy(incoming.socket instanceof TLSSocket))
  const refusal = refusalOf('SERVER_UPGRADE_STRIPPED', { fields: upgradeRequired.fields ?? [] })
  service.tellRefused({ head, remoteAddress: incoming.socket.remoteAddress }, refusal, verdicts, response !== undefined)
  if (response) answer(response, refusal, incoming.method)
}

function answer(response: http.ServerResponse, refusal: Refusal, method: string | undefined): void {
  const text = buildRefusal(refusal, method)
  const headEnd = text.indexOf('\r\n\r\n')
  for (const { name, value } of refusal.fields) response.setHeader(name, value)
  // RFC 9110 §7.8: whoever sends `Upgrade` also lists it here.
  response.setHeader('Connection', 'Upgrade, close')
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.statusCode = refusal.status
  response.end(text.slice(headEnd + '\r\n\r\n'.length))
}
