import type { Duplex } from 'node:stream'
import type { Refusal, RequestPolicy } from '../protocol/handshake/judgement.ts'
import { isOrigin } from '../protocol/handshake/origin.ts'
import { rules } from '../protocol/handshake/rule-table.ts'
import type { RuleVerdict } from '../protocol/handshake/rule.ts'
import type { RequestHead } from '../protocol/http/head.ts'
import {
  redactHead,
  redactor,
  redactRefusal,
  redactVerdicts,
  secretPlaces,
  type SecretPlaces,
} from '../report/redaction.ts'
import { warnOfFailure } from '../socket/delivery.ts'
import { checkEndpoints, type Endpoint } from './endpoint.ts'
import { sendRefusal } from './send-refusal.ts'
import { ServerInputError } from './server-errors.ts'
import { readLimits, type ServerLimits } from './server-limits.ts'
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
  /** Told of every request that is refused, for a log (RFC 6455 §7.1.7). What it throws goes to `onError`'s default. */
  onRefused?(refused: RefusedRequest): void
  /** Told what a handler threw. Default: a process warning. An error here never ends the process. */
  onError?(error: unknown, origin: ErrorOrigin): void
}

/** A request whose head has been read, and the stream it came on, which nobody reads at the moment. */
export interface Arrival {
  readonly stream: Duplex
  readonly secure: boolean
  readonly head: RequestHead
  /** Bytes that came behind the head. */
  readonly early: Uint8Array
  readonly remoteAddress: string | undefined
}

/** What serves the upgrades of one server: its endpoints, its policy, its limits and its sockets. */
export class UpgradeService {
  readonly endpoints: readonly Endpoint[]
  readonly limits: ServerLimits
  readonly sockets: Set<ServerSocket> = new Set()
  /** Streams whose handshake is not decided yet. */
  readonly handshakes: Set<Duplex> = new Set()
  /** Set when the server shuts down: what arrives from then on gets 503. */
  closing = false
  readonly #options: ServiceOptions
  readonly #secrets: SecretPlaces
  readonly #plainPolicy: RequestPolicy
  readonly #securePolicy: RequestPolicy

  constructor(options: ServiceOptions, endpoints: readonly Endpoint[]) {
    checkEndpoints(endpoints)
    checkRelaxed(options.relaxed ?? [])
    checkOrigins(options)
    this.endpoints = endpoints
    this.limits = readLimits(options.limits)
    this.#options = options
    this.#secrets = secretPlaces(
      endpoints.flatMap(({ bearer }) => bearer.queryParameters),
      endpoints.flatMap(({ bearer }) => bearer.subprotocolPrefixes),
    )
    this.#plainPolicy = {
      relaxed: new Set(options.relaxed),
      origins: options.origins ?? [],
      requireOrigin: options.requireOrigin ?? false,
      ...(options.ownOrigin !== undefined && { ownOrigin: options.ownOrigin }),
      secure: false,
    }
    this.#securePolicy = { ...this.#plainPolicy, secure: true }
  }

  policy(secure: boolean): RequestPolicy {
    return secure ? this.#securePolicy : this.#plainPolicy
  }

  /** Answers with the refusal, closes the connection, and tells whoever listens. */
  refuse(arrival: Omit<Arrival, 'early' | 'secure'>, refusal: Refusal, verdicts: readonly RuleVerdict[]): void {
    const { stream, head, remoteAddress } = arrival
    this.handshakes.delete(stream)
    const redact = redactor(head, this.#secrets)
    const told = redactRefusal(refusal, redact)
    sendRefusal(stream, told, head.method, this.limits)
    try {
      this.#options.onRefused?.({
        refusal: told,
        head: redactHead(head, this.#secrets),
        verdicts: redactVerdicts(verdicts, redact),
        remoteAddress,
      })
    } catch (error) {
      warnOfFailure(error)
    }
  }

  handlerFailed(error: unknown, origin: ErrorOrigin): void {
    try {
      if (this.#options.onError) this.#options.onError(error, origin)
      else warnOfFailure(error)
    } catch (second) {
      warnOfFailure(second)
    }
  }

  /**
   * Ends everything: undecided handshakes at once, sockets by a closing handshake with 1001. Bounded by `closeTimeout`,
   * which each socket keeps for its Close and again for the end of its transport.
   */
  async close(): Promise<void> {
    this.closing = true
    for (const stream of this.handshakes) stream.destroy()
    await Promise.all([...this.sockets].map((socket) => socket.close(goingAway, 'the server is shutting down')))
  }
}

/** An endpoint is going away, such as a server going down (RFC 6455 §7.4.1). */
const goingAway = 1001

function checkOrigins({ ownOrigin, origins = [] }: ServiceOptions): void {
  const listed = origins === 'any' ? [] : origins.filter((origin) => origin !== 'null')
  for (const origin of ownOrigin === undefined ? listed : [ownOrigin, ...listed]) {
    if (isOrigin(origin)) continue
    throw new ServerInputError(
      'ORIGIN',
      `${JSON.stringify(origin)} is no origin, and no request would ever fit it. Write scheme, host and port only, such as ` +
        '"https://example.com", with no slash at the end.',
    )
  }
}

function checkRelaxed(ids: readonly string[]): void {
  for (const id of ids) {
    if (rules.some((rule) => rule.id === id)) continue
    throw new ServerInputError(
      'UNKNOWN_RULE',
      `There is no rule ${JSON.stringify(id)} to relax. See \`rules\` for all ids.`,
    )
  }
}
