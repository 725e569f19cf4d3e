import type { Closing } from '../protocol/connection/closing.ts'
import { shownValue } from '../protocol/shown-value.ts'
import { isToken } from '../protocol/http/grammar.ts'
import { secretPlaces } from '../report/redaction.ts'
import type { Message } from '../socket/inbox.ts'
import type { MessageStream } from '../socket/message-stream.ts'
import type { Accepted } from './accept.ts'
import { type BearerDeclaration, BearerFinder } from './bearer.ts'
import { checkEndpoint } from './check-options.ts'
import { checkFlow, type EndpointFlow } from './endpoint-flow.ts'
import type {
  AnyInputs,
  DeclaredInputs,
  NoDeclaration,
  ParameterDeclaration,
  RequestInputs,
} from './parameters/declaration.ts'
import { EndpointInputs } from './parameters/endpoint-inputs.ts'
import { PathPattern } from './path-pattern.ts'
import type { Refused } from './refuse.ts'
import { ServerInputError } from './server-errors.ts'
import type { ServerSocket } from './server-socket.ts'
import type { UpgradeRequest } from './upgrade-request.ts'

/**
 * Chooses the subprotocol: one of those offered, or undefined for none, in which case browsers that offered one give up.
 *
 * @param offered In the client's order of preference, those left out that carry a token.
 */
export type SubprotocolChooser<Inputs extends RequestInputs = AnyInputs> = (
  offered: readonly string[],
  request: UpgradeRequest<Inputs>,
) => string | undefined

/**
 * What an endpoint does. All of it is optional, and shared by all sockets of the endpoint.
 *
 * A handler that throws, or whose promise rejects, closes its socket with 1011 and is told to `onError`.
 * Write `authorize` before the other handlers: the type of `socket.data` is inferred from it.
 */
export interface EndpointHandlers<Inputs extends RequestInputs = AnyInputs, Data = unknown> extends EndpointFlow {
  /**
   * Supported subprotocols in order of preference; the first that the client offered is agreed, or none. Or a function,
   * called after `authorize`.
   */
  readonly subprotocols?: readonly string[] | SubprotocolChooser<Inputs>
  /**
   * Called before the 101 for a request that keeps every rule and whose parameters are as declared. What it returns
   * becomes `socket.data`; return `accept(data, { fields })` to add fields to the 101, or `refuse(…)` to refuse. When it
   * throws or rejects, the client gets 500; when it takes longer than the limit `authorizeTimeout`, 503. Messages that
   * come meanwhile wait.
   */
  authorize?(
    request: UpgradeRequest<Inputs>,
  ): Data | Accepted<Data> | Refused | Promise<Data | Accepted<Data> | Refused>
  /** The 101 has been sent. While a returned promise is pending, messages wait. */
  open?(socket: ServerSocket<Inputs, Data>): void | Promise<void>
  /**
   * One message at a time, in order: while a returned promise is pending, the next ones wait. Without this handler `open`
   * may iterate the socket (`for await (const message of socket)`); if it does not, messages are dropped.
   */
  message?(socket: ServerSocket<Inputs, Data>, data: Message): void | Promise<void>
  /**
   * The same for a message that is read while it still arrives (`streamFrom` says which). The next message waits until
   * the returned promise has settled and the stream is read to its end; what nobody has begun to read by then is thrown
   * away.
   */
  stream?(socket: ServerSocket<Inputs, Data>, message: MessageStream): void | Promise<void>
  /** A Ping came, and its Pong has been sent. Told ahead of messages that wait. */
  ping?(socket: ServerSocket<Inputs, Data>, payload: Uint8Array): void
  pong?(socket: ServerSocket<Inputs, Data>, payload: Uint8Array): void
  /** So many messages that were given to `send` are not sent, as `outgoing` allows no more. */
  dropped?(socket: ServerSocket<Inputs, Data>, count: number): void
  /** The connection is over and every message has been handled. Called once for each socket that was opened. */
  close?(socket: ServerSocket<Inputs, Data>, closing: Closing): void | Promise<void>
}

/**
 * What an endpoint expects of a request. One that brings something else is refused with 400 (`SERVER_PARAMETER_INVALID`)
 * and told which parameter, and why.
 *
 * Each place is an object of parameters, `{ page: 'integer=1', nick: 'string?' }`, or one Standard Schema for the whole
 * place, such as `z.object({ … })`. See `KindNotation` for the kinds; instead of a kind, a parameter may have a schema.
 */
export interface EndpointDeclarations<Params, Query, Headers, Cookies> {
  /** What the path captures; without a declaration, text. */
  readonly params?: Params
  /** The query: `request.query`, `socket.query`. */
  readonly query?: Query
  /** Header fields, their names in any case; a schema for all of them gets the names in lower case: `request.headers`. */
  readonly headers?: Headers
  /** Cookies: `request.cookies`. */
  readonly cookies?: Cookies
  /** Where the bearer token stands: `request.bearer`. Default: in `Authorization`, and nowhere else. */
  readonly bearer?: BearerDeclaration
}

/** A path and what is done there. Made by `endpoint`, served by `listen`, `attach` or `handleUpgrade`. */
export class Endpoint {
  readonly pattern: PathPattern
  readonly handlers: EndpointHandlers
  readonly inputs: EndpointInputs
  readonly bearer: BearerFinder

  constructor(pattern: PathPattern, handlers: EndpointHandlers, inputs: EndpointInputs, bearer: BearerFinder) {
    this.pattern = pattern
    this.handlers = handlers
    this.inputs = inputs
    this.bearer = bearer
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
 * @throws ServerInputError (`OPTION`, `PATH_PATTERN`, `SUBPROTOCOL`, `PARAMETER`, `BEARER`, `LIMIT`)
 */
export function endpoint<
  const Path extends string,
  const Params extends ParameterDeclaration = NoDeclaration,
  const Query extends ParameterDeclaration = NoDeclaration,
  const Headers extends ParameterDeclaration = NoDeclaration,
  const Cookies extends ParameterDeclaration = NoDeclaration,
  Data = undefined,
>(
  path: Path,
  definition: EndpointDeclarations<Params, Query, Headers, Cookies> &
    EndpointHandlers<DeclaredInputs<Path, Params, Query, Headers, Cookies>, Data>,
): Endpoint {
  checkEndpoint(path, definition)
  const { subprotocols } = definition
  const bearer = new BearerFinder(definition.bearer)
  checkSubprotocols(subprotocols, bearer)
  checkFlow(definition)
  const pattern = new PathPattern(path)
  const secrets = secretPlaces(bearer.queryParameters, bearer.subprotocolPrefixes)
  const inputs = new EndpointInputs(definition, pattern.names, secrets)
  // The handlers are only ever called with what this endpoint's own pattern, declarations and `authorize` made, so that
  // the types that are forgotten here are kept by construction.
  return new Endpoint(pattern, definition as unknown as EndpointHandlers, inputs, bearer)
}

function checkSubprotocols(
  subprotocols: readonly string[] | SubprotocolChooser<never> | undefined,
  bearer: BearerFinder,
): void {
  const names = typeof subprotocols === 'object' ? subprotocols : []
  for (const name of names) {
    if (!isToken(name)) {
      throw new ServerInputError(
        'SUBPROTOCOL',
        `${JSON.stringify(name)} is no subprotocol: its name is a token without blanks, commas or slashes, such as "chat.v1".`,
      )
    }
    if (bearer.carries(name)) {
      throw new ServerInputError(
        'BEARER',
        `The subprotocol ${JSON.stringify(name)} begins like one that carries a token, and would never be chosen.`,
      )
    }
  }
  if (bearer.subprotocolPrefixes.length > 0 && names.length === 0 && typeof subprotocols !== 'function') {
    throw new ServerInputError(
      'BEARER',
      'A token in a subprotocol needs a real subprotocol beside it: browsers give up when none of those they offered is ' +
        "chosen, and the token never is. Declare `subprotocols`, and connect with `new WebSocket(url, ['chat.v1', 'bearer.' + token])`.",
    )
  }
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

/** @throws ServerInputError (`OPTION`) for what is no endpoint, `PATH_TWICE` when one could never be reached. */
export function checkEndpoints(endpoints: readonly Endpoint[]): void {
  const seen = new Set<string>()
  for (const each of endpoints) {
    if (!(each instanceof Endpoint)) {
      throw new ServerInputError(
        'OPTION',
        `An endpoint is what endpoint('/path', { … }) returns, not ${shownValue(each)}.`,
      )
    }
    const { path } = each
    if (seen.has(path)) {
      throw new ServerInputError('PATH_TWICE', `Two endpoints have the path ${path}: only the first could be reached.`)
    }
    seen.add(path)
  }
}
