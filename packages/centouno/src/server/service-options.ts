import type { Refusal } from '../protocol/handshake/judgement.ts'
import { isOrigin } from '../protocol/handshake/origin.ts'
import { rules } from '../protocol/handshake/rule-table.ts'
import type { RuleVerdict } from '../protocol/handshake/rule.ts'
import type { RequestHead } from '../protocol/http/head.ts'
import type { CompressionInput } from '../socket/deflate/compression-options.ts'
import { ServerInputError } from './server-errors.ts'
import type { ServerLimits } from './server-limits.ts'
import type { ServerSocket } from './server-socket.ts'
import type { UpgradeRequest } from './upgrade-request.ts'

/**
 * A request that did not become a WebSocket: what was asked, what was answered, and which rules were looked at. Secrets in
 * it are replaced.
 */
export interface RefusedRequest {
  readonly refusal: Refusal
  /** As far as it could be read. */
  readonly head: RequestHead
  /** Empty when the head did not come to its end, or ended before it could be judged. */
  readonly verdicts: readonly RuleVerdict[]
  readonly remoteAddress: string | undefined
  /**
   * False when the client was cut off without an answer: too many refused ones were here already (limit `lingering`), or
   * it did not get through TLS. False too for SERVER_UPGRADE_STRIPPED on an HTTP server that has a handler of its own, which answers.
   */
  readonly answered: boolean
}

/** Where an error came from. `socket` is undefined when `authorize` failed. */
export interface ErrorOrigin {
  readonly request: UpgradeRequest
  readonly socket: ServerSocket | undefined
}

/** What `listen` and `attach` have in common. */
export interface ServiceOptions {
  readonly limits?: Partial<ServerLimits>
  /**
   * Addresses of proxies, such as `10.0.0.7` or `10.0.0.0/8`: they speak for many clients, so that the limits per address do
   * not apply to them. Default: loopback, `['127.0.0.0/8', '::1']`.
   */
  readonly proxies?: readonly string[]
  /**
   * The server's own origin, such as `https://example.com`: pages from there may always connect. Without it, what `Host`
   * says counts, with `https` when the request came over TLS to this process. Behind a proxy that ends TLS it is needed,
   * since the browser sees `https` where this server sees `http`. It also keeps out pages whose name was made to lead to
   * this server (DNS rebinding), which `Host` does not.
   */
  readonly ownOrigin?: string
  /** Origins accepted besides the server's own, such as `https://www.example.com`; `'any'` turns the check off. */
  readonly origins?: readonly string[] | 'any'
  /** Refuse requests without `Origin`, which only browsers must send. Default false. */
  readonly requireOrigin?: boolean
  /** Ids of rules that are told but not enforced, such as `H-REQ-13`. */
  readonly relaxed?: readonly string[]
  /** For the endpoints that do not say themselves whether they compress. Default false. */
  readonly compression?: CompressionInput
  /** Told of every request that is refused, for a log (RFC 6455 §7.1.7). What it throws goes to `onError`'s default. */
  onRefused?(refused: RefusedRequest): void
  /** Told what a handler threw. Default: a process warning. An error here never ends the process. */
  onError?(error: unknown, origin: ErrorOrigin): void
}

/** @throws ServerInputError (`ORIGIN`) for an origin that no browser would send. */
export function checkOrigins({ ownOrigin, origins = [] }: ServiceOptions): void {
  const listed = origins === 'any' ? [] : origins.filter((origin) => origin !== 'null')
  for (const origin of ownOrigin === undefined ? listed : [ownOrigin, ...listed]) {
    if (isOrigin(origin) && !origin.includes('*')) continue
    throw new ServerInputError(
      'ORIGIN',
      `${JSON.stringify(origin)} is no origin, and no request would ever fit it. Write scheme, host and port only, such as ` +
        '"https://example.com", with no slash at the end and no "*".',
    )
  }
}

/** @throws ServerInputError (`UNKNOWN_RULE`) */
export function checkRelaxed(ids: readonly string[]): void {
  for (const id of ids) {
    if (rules.some((rule) => rule.id === id)) continue
    throw new ServerInputError(
      'UNKNOWN_RULE',
      `There is no rule ${JSON.stringify(id)} to relax. See \`rules\` for all ids.`,
    )
  }
}
