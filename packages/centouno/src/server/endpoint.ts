import type { Closing } from '../protocol/connection/closing.ts'
import { isToken } from '../protocol/http/grammar.ts'
import type { Message } from '../socket/inbox.ts'
import { PathPattern, type PathParams } from './path-pattern.ts'
import type { Refused } from './refuse.ts'
import { ServerInputError } from './server-errors.ts'
import type { ServerSocket } from './server-socket.ts'
import type { UpgradeRequest } from './upgrade-request.ts'

/**
 * What an endpoint does. All of it is optional, and shared by all sockets of the endpoint.
 *
 * A handler that throws, or whose promise rejects, closes its socket with 1011 and is told to `onError`.
 * Write `authorize` before the other handlers: the type of `socket.data` is inferred from it.
 */
export interface EndpointHandlers<Params = Readonly<Record<string, string>>, Data = unknown> {
  /** Supported subprotocols in order of preference; the first that the client offered is agreed, or none. */
  readonly subprotocols?: readonly string[]
  /**
   * Called before the 101 for a request that keeps every rule. What it returns becomes `socket.data`; return `refuse(…)`
   * to refuse. When it throws or rejects, the client gets 500.
   */
  authorize?(request: UpgradeRequest<Params>): Data | Refused | Promise<Data | Refused>
  /** The 101 has been sent. While a returned promise is pending, messages wait. */
  open?(socket: ServerSocket<Params, Data>): void | Promise<void>
  /**
   * One message at a time, in order: while a returned promise is pending, the next ones wait. Without this handler `open`
   * may iterate the socket (`for await (const message of socket)`); if it does not, messages are dropped.
   */
  message?(socket: ServerSocket<Params, Data>, data: Message): void | Promise<void>
  /** A Ping came, and its Pong has been sent. Told ahead of messages that wait. */
  ping?(socket: ServerSocket<Params, Data>, payload: Uint8Array): void
  pong?(socket: ServerSocket<Params, Data>, payload: Uint8Array): void
  /** The connection is over and every message has been handled. Called once for each socket that was opened. */
  close?(socket: ServerSocket<Params, Data>, closing: Closing): void | Promise<void>
}

/** A path and what is done there. Made by `endpoint`, served by `listen` or `attach`. */
export class Endpoint {
  readonly pattern: PathPattern
  readonly handlers: EndpointHandlers

  constructor(pattern: PathPattern, handlers: EndpointHandlers) {
    this.pattern = pattern
    this.handlers = handlers
  }

  /** The path pattern, as given. */
  get path(): string {
    return this.pattern.text
  }
}

/**
 * Declares an endpoint.
 *
 * @param path A path such as `/chat`; `/rooms/:room` gives `socket.params.room`; a last `*` takes all that is left, and
 *   `*` alone takes every path. The first endpoint that fits serves a request.
 * @throws ServerInputError (`PATH_PATTERN`, `SUBPROTOCOL`)
 */
export function endpoint<const Path extends string, Data = undefined>(
  path: Path,
  handlers: EndpointHandlers<PathParams<Path>, Data>,
): Endpoint {
  for (const name of handlers.subprotocols ?? []) {
    if (isToken(name)) continue
    throw new ServerInputError(
      'SUBPROTOCOL',
      `${JSON.stringify(name)} is no subprotocol: its name is a token without blanks, commas or slashes, such as "chat.v1".`,
    )
  }
  // The handlers are only ever called with what this endpoint's own pattern and `authorize` made, so that the types
  // that are forgotten here are kept by construction.
  return new Endpoint(new PathPattern(path), handlers as EndpointHandlers)
}

/** The first endpoint that serves the path, and what its pattern captured. */
export function findEndpoint(
  endpoints: readonly Endpoint[],
  path: string,
): { readonly endpoint: Endpoint; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const candidate of endpoints) {
    const params = candidate.pattern.match(path)
    if (params) return { endpoint: candidate, params }
  }
  return undefined
}

/** @throws ServerInputError (`PATH_TWICE`) when an endpoint could never be reached. */
export function checkEndpoints(endpoints: readonly Endpoint[]): void {
  const seen = new Set<string>()
  for (const { path } of endpoints) {
    if (seen.has(path)) {
      throw new ServerInputError('PATH_TWICE', `Two endpoints have the path ${path}: only the first could be reached.`)
    }
    seen.add(path)
  }
}
