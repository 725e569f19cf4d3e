import type http from 'node:http'
import type { Duplex } from 'node:stream'
import type { Endpoint } from './endpoint.ts'
import { isTaken, receiveUpgrade } from './receive-upgrade.ts'
import type { ServerSocket } from './server-socket.ts'
import { serving, type Serving } from './serving.ts'
import { splitArguments } from './split-arguments.ts'
import type { ServiceOptions } from './service-options.ts'
import { UpgradeService } from './upgrade-service.ts'

/** Endpoints that serve the upgrades that somebody hands to them. */
export interface UpgradeHandler extends Serving {
  /**
   * Serves one upgrade: the arguments are those of an `'upgrade'` event of `node:http`. Resolves with the open socket, or
   * with undefined when the request was refused, which has been answered then. Never rejects. Nobody else may answer the
   * request; a second call for it does nothing. The socket's messages are for the endpoint's handlers: by the time this
   * resolves, the first of them may have come. To iterate the socket, begin in `open`.
   *
   * It is bound: `server.on('upgrade', handler.handleUpgrade)` works.
   */
  readonly handleUpgrade: (
    request: http.IncomingMessage,
    socket: Duplex,
    head: Uint8Array,
  ) => Promise<ServerSocket | undefined>
}

/**
 * Makes a handler for upgrades, for a framework or a program that decides by itself which of them go where. Where nothing
 * has to be decided, `attach` does it all.
 *
 * @param rest Options, if any, and endpoints.
 * @throws ServerInputError when an option or an endpoint cannot work.
 */
export function upgradeHandler(
  ...rest: readonly Endpoint[] | readonly [ServiceOptions, ...(readonly Endpoint[])]
): UpgradeHandler {
  const { options, endpoints } = splitArguments<ServiceOptions>(rest)
  const service = new UpgradeService(options, endpoints)
  return {
    ...serving(service),
    handleUpgrade: async (request, socket, head) =>
      isTaken(request) ? undefined : receiveUpgrade(service, request, socket, head),
  }
}

/** The handlers made by `handleUpgrade`, by their first endpoint: calls with the same endpoints share one. */
const handlers = new WeakMap<
  Endpoint,
  { readonly endpoints: readonly Endpoint[]; readonly handler: UpgradeHandler }[]
>()

/**
 * Serves one upgrade with these endpoints and the default options. For options, and to close the sockets, make an
 * `upgradeHandler` once.
 *
 * @throws ServerInputError when the endpoints cannot be served together.
 */
export function handleUpgrade(
  request: http.IncomingMessage,
  socket: Duplex,
  head: Uint8Array,
  first: Endpoint,
  ...more: readonly Endpoint[]
): Promise<ServerSocket | undefined> {
  const endpoints = [first, ...more]
  const known = handlers.get(first) ?? []
  const same = known.find(
    (entry) => entry.endpoints.length === endpoints.length && entry.endpoints.every((one, at) => one === endpoints[at]),
  )
  const handler = same?.handler ?? upgradeHandler(...endpoints)
  if (!same) handlers.set(first, [...known, { endpoints, handler }])
  return handler.handleUpgrade(request, socket, head)
}
