import type http from 'node:http'
import type { Duplex } from 'node:stream'
import { Socket as NetSocket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { refuseFault } from '../protocol/handshake/judge-request.ts'
import type { RequestHead } from '../protocol/http/head.ts'
import { requestHeadFromParts } from '../protocol/http/request-head.ts'
import { headSizeFault } from './head-size.ts'
import { takeErrors } from '../transport/stream-ends.ts'
import type { ServerSocket } from './server-socket.ts'
import { upgrade } from './upgrade.ts'
import type { UpgradeService } from './upgrade-service.ts'

/** Requests that somebody of ours answers: nobody else of ours may. */
const taken = new WeakSet<http.IncomingMessage>()

export function isTaken(incoming: http.IncomingMessage): boolean {
  return taken.has(incoming)
}

/** Serves an upgrade that Node's HTTP server has handed over. Never rejects; undefined when no socket came of it. */
export async function receiveUpgrade(
  service: UpgradeService,
  incoming: http.IncomingMessage,
  stream: Duplex,
  early: Uint8Array,
): Promise<ServerSocket | undefined> {
  taken.add(incoming)
  // Before anything else: Node took its own error listener away before this event.
  takeErrors(stream)
  if (stream instanceof NetSocket) {
    stream.setTimeout(0)
    stream.setNoDelay(true)
    // Half-open: a client that ends its side early must still be able to get its reply. Node grants it to plain sockets.
    stream.allowHalfOpen = true
  }
  const { remoteAddress } = incoming.socket
  if (!service.admit(stream, remoteAddress)) return undefined
  const head = headOf(incoming)
  const fault = headSizeFault(head, service.limits)
  if (fault) return void service.refuse({ stream, head, remoteAddress }, refuseFault(fault), [])
  return upgrade(service, { stream, secure: stream instanceof TLSSocket, head, early, remoteAddress })
}

/** The head of a request as Node's parser understood it. */
export function headOf({ method = '', url = '', httpVersion, rawHeaders }: http.IncomingMessage): RequestHead {
  return requestHeadFromParts({ method, target: url, version: httpVersion, rawHeaders })
}

/** The path of a target in origin form or absolute form (RFC 9112 §3.2); only to see whose it is, not to judge it. */
export function pathOf({ url = '' }: http.IncomingMessage): string {
  const path = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const query = path.indexOf('?')
  return query === -1 ? path : path.slice(0, query)
}
