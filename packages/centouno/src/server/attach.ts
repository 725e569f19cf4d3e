import type http from 'node:http'
import {
  type AttachedListener,
  dismiss,
  enlist,
  foreignListeners,
  type HttpServer,
  someoneElse,
  type UpgradeListener,
} from './attachments.ts'
import { checkAttach } from './check-options.ts'
import { type Endpoint, findEndpoint } from './endpoint.ts'
import { isTaken, pathOf, receiveUpgrade } from './receive-upgrade.ts'
import { serving, type Serving } from './serving.ts'
import { splitArguments } from './split-arguments.ts'
import { isStripped, tellStripped } from './stripped-upgrade.ts'
import type { ServiceOptions } from './service-options.ts'
import { UpgradeService } from './upgrade-service.ts'

/** How endpoints are served on an HTTP server. */
export interface AttachOptions extends ServiceOptions {
  /**
   * Leave upgrades for paths that no endpoint serves to the other attachments and `'upgrade'` listeners of the server, if
   * there are any, instead of refusing with 404. Default false.
   */
  readonly pass?: boolean
}

/** Endpoints that are being served on an HTTP server. After `drain` and `close` it is detached. */
export interface Attachment extends Serving {
  /** Takes no more upgrades; open sockets stay. The HTTP server is not touched otherwise. */
  detach(): void
}

/**
 * Serves endpoints on an existing `node:http` or `node:https` server, which goes on serving everything else.
 *
 * The rules are the same as for `listen`, checked on what Node's parser lets through. Its own limits come first:
 * `headersTimeout`, `requestTimeout` and `maxHeaderSize` of the HTTP server.
 *
 * An upgrade that lost its `Upgrade` or `Connection` field to a proxy arrives as an ordinary request (H-TRAP-07). When an
 * endpoint serves its path, it is told to `onRefused` as SERVER_UPGRADE_STRIPPED. The answer is left to the server's own
 * handler; when it has none, the answer is 426.
 *
 * @param rest Options, if any, and endpoints.
 * @throws ServerInputError when an option or an endpoint cannot work, and with `ATTACHED_TWICE` when another attachment,
 *   or another `'upgrade'` listener, would answer the same requests.
 */
export function attach(
  httpServer: HttpServer,
  ...rest: readonly Endpoint[] | readonly [AttachOptions, ...(readonly Endpoint[])]
): Attachment {
  const { options, endpoints } = splitArguments<AttachOptions>(rest)
  checkAttach(httpServer, options)
  const service = new UpgradeService(options, endpoints)
  const attached = new AttachedListeners(httpServer, service, options.pass ?? false)
  const detach = (): void => attached.detach()
  return { ...serving(service, detach), detach }
}

/** What an attachment adds to an HTTP server. */
class AttachedListeners implements AttachedListener {
  readonly endpoints: readonly Endpoint[]
  readonly pass: boolean
  readonly #server: HttpServer
  readonly #service: UpgradeService
  #warned = false

  constructor(server: HttpServer, service: UpgradeService, pass: boolean) {
    this.endpoints = service.endpoints
    this.pass = pass
    this.#server = server
    this.#service = service
    enlist(server, this)
    server.on('upgrade', this.upgraded)
    server.on('request', this.#requested)
  }

  detach(): void {
    this.#server.off('upgrade', this.upgraded)
    this.#server.off('request', this.#requested)
    dismiss(this.#server, this)
  }

  readonly upgraded: UpgradeListener = (incoming, stream, early) => {
    if (isTaken(incoming)) return
    const path = pathOf(incoming)
    if (this.pass && !findEndpoint(this.endpoints, path) && someoneElse(this.#server, path, this)) return
    this.#warnOfOthers()
    void receiveUpgrade(this.#service, incoming, stream, early)
  }

  readonly #requested = (incoming: http.IncomingMessage, response: http.ServerResponse): void => {
    if (!isStripped(incoming) || !findEndpoint(this.endpoints, pathOf(incoming))) return
    const alone = this.#server.listeners('request').every((listener) => listener === this.#requested)
    tellStripped(this.#service, incoming, alone ? response : undefined)
  }

  /** A listener that came later cannot be refused, only told of. */
  #warnOfOthers(): void {
    if (this.pass || this.#warned || foreignListeners(this.#server) === 0) return
    this.#warned = true
    process.emitWarning(
      "Another 'upgrade' listener was added to an HTTP server after attach(), and both answer every upgrade. Attach with " +
        '{ pass: true } to leave the paths that your endpoints do not serve to it.',
      { type: 'WebSocketServerWarning', code: 'CENTOUNO_UPGRADE_SHARED' },
    )
  }
}
