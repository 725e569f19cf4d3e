import type http from 'node:http'
import type https from 'node:https'
import type { Duplex } from 'node:stream'
import { Socket as NetSocket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { refuseFault } from '../protocol/handshake/judge-request.ts'
import { requestHeadFromParts } from '../protocol/http/request-head.ts'
import { Endpoint, findEndpoint } from './endpoint.ts'
import { headSizeFault } from './head-size.ts'
import type { ServerSocket } from './server-socket.ts'
import { upgrade } from './upgrade.ts'
import { type ServiceOptions, UpgradeService } from './upgrade-service.ts'

/** How endpoints are served on an HTTP server. */
export interface AttachOptions extends ServiceOptions {
  /** Leave upgrades for paths that no endpoint serves to other `'upgrade'` listeners, instead of refusing with 404. */
  readonly pass?: boolean
}

/** Endpoints that are being served on an HTTP server. */
export interface Attachment extends AsyncDisposable {
  /** The open sockets of all endpoints. */
  readonly sockets: ReadonlySet<ServerSocket>
  /** Takes no more upgrades; open sockets stay. The HTTP server is not touched otherwise. */
  detach(): void
  /** Detaches, closes every socket with 1001 and resolves when all are gone; bounded by `closeTimeout`, twice. */
  close(): Promise<void>
}

/**
 * Serves endpoints on an existing `node:http` or `node:https` server, which goes on serving everything else.
 *
 * The rules are the same as for `listen`, checked on what Node's parser lets through. Its own limits come first:
 * `headersTimeout`, `requestTimeout` and `maxHeaderSize` of the HTTP server. An upgrade request that lost its `Upgrade` or
 * `Connection` field on the way arrives as an ordinary request at that server's own handler.
 *
 * @param rest Options, if any, and endpoints.
 * @throws ServerInputError when an option or an endpoint cannot work.
 */
export function attach(
  httpServer: http.Server | https.Server,
  ...rest: readonly Endpoint[] | readonly [AttachOptions, ...(readonly Endpoint[])]
): Attachment {
  const items: readonly (AttachOptions | Endpoint)[] = rest
  const [first] = items
  const options: AttachOptions = first === undefined || first instanceof Endpoint ? {} : first
  const endpoints = items.filter((item): item is Endpoint => item instanceof Endpoint)
  const service = new UpgradeService(options, endpoints)
  const pass = options.pass ?? false

  const upgradeListener = (incoming: http.IncomingMessage, stream: Duplex, early: Uint8Array): void => {
    const target = incoming.url ?? ''
    if (pass && !findEndpoint(service.endpoints, pathOf(target))) return
    // Before anything else: Node took its own error listener away before this event.
    stream.on('error', ignore)
    if (stream instanceof NetSocket) {
      stream.setTimeout(0)
      stream.setNoDelay(true)
    }
    service.handshakes.add(stream)
    stream.once('close', () => service.handshakes.delete(stream))
    const head = requestHeadFromParts({
      method: incoming.method ?? '',
      target,
      version: incoming.httpVersion,
      rawHeaders: incoming.rawHeaders,
    })
    const { remoteAddress } = incoming.socket
    const fault = headSizeFault(head, service.limits)
    if (fault) service.refuse({ stream, head, remoteAddress }, refuseFault(fault), [])
    else void upgrade(service, { stream, secure: stream instanceof TLSSocket, head, early, remoteAddress })
  }
  httpServer.on('upgrade', upgradeListener)

  const detach = (): void => {
    httpServer.off('upgrade', upgradeListener)
  }
  const close = (): Promise<void> => {
    detach()
    return service.close()
  }
  return { sockets: service.sockets, detach, close, [Symbol.asyncDispose]: close }
}

/** The path of a target in origin form or absolute form (RFC 9112 §3.2); only to see whose it is, not to judge it. */
function pathOf(target: string): string {
  const path = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const query = path.indexOf('?')
  return query === -1 ? path : path.slice(0, query)
}

function ignore(): void {}
