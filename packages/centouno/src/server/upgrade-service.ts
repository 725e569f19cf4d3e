import type { Duplex } from 'node:stream'
import type { Closing } from '../protocol/connection/closing.ts'
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
import { refusalOf } from '../report/refusal.ts'
import { closingCode } from '../report/closing-text.ts'
import { warnOfFailure } from '../socket/delivery.ts'
import { Admission, type ReachedLimit } from './admission.ts'
import { ClientAddresses } from './client-address.ts'
import { Drain, type DrainOptions, type DrainSummary } from './drain.ts'
import { checkEndpoints, type Endpoint } from './endpoint.ts'
import { retryAfter } from './retry-after.ts'
import { sendRefusal } from './send-refusal.ts'
import { serverChannels } from './server-channels.ts'
import { ServerInputError } from './server-errors.ts'
import { readLimits, type ServerLimits } from './server-limits.ts'
import type { ServerSocket } from './server-socket.ts'
import { Counters, type ServerStats } from './server-stats.ts'
import { traceContext } from '../protocol/http/trace-context.ts'
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
   * False when the client was cut off without an answer: too many refused ones were here already (limit `lingering`). False
   * too for SERVER_UPGRADE_STRIPPED on an HTTP server that has a handler of its own, which answers.
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
  readonly admission: Admission
  readonly counters: Counters = new Counters()
  readonly #running = new Map<ServerSocket, Promise<void>>()
  #drain: Drain | undefined
  #drained: Promise<DrainSummary> | undefined
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
    this.admission = new Admission(this.limits, new ClientAddresses(options.proxies))
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

  /** Set when the server shuts down: what arrives from then on gets 503. */
  get draining(): boolean {
    return this.#drain !== undefined
  }

  get stats(): ServerStats {
    return this.counters.snapshot(this.sockets, this.admission)
  }

  /** Lets a connection in. When a limit keeps it out, it is refused, and nothing is left to be done about it. */
  admit(stream: Duplex, remoteAddress: string | undefined): boolean {
    const refusal = this.keptOut(stream, remoteAddress)
    if (refusal) this.refuse({ stream, head: unread, remoteAddress }, refusal, [])
    return refusal === undefined
  }

  /** Lets a connection in, or gives the refusal for it. */
  keptOut(stream: Duplex, remoteAddress: string | undefined): Refusal | undefined {
    const refused = (reached: ReachedLimit): Refusal => {
      const { code, limit, value } = reached
      serverChannels.limit.publish(() => ({ ...reached, remoteAddress }))
      return refusalOf(code, { details: { limit, value }, fields: [retryAfter()] })
    }
    const reached = this.admission.enter(stream, remoteAddress, refused)
    return reached && refused(reached)
  }

  /**
   * Answers with the refusal, closes the connection, and tells whoever listens. Does nothing when it has been answered, or
   * is gone.
   */
  refuse(arrival: Omit<Arrival, 'early' | 'secure'>, refusal: Refusal, verdicts: readonly RuleVerdict[]): void {
    const { stream, head } = arrival
    const way = this.admission.linger(stream)
    if (way === 'late') return
    if (way === 'cut') {
      this.cut(arrival, refusal, verdicts)
      return
    }
    sendRefusal(stream, redactRefusal(refusal, redactor(head, this.#secrets)), head.method, this.limits)
    this.tellRefused(arrival, refusal, verdicts, true)
  }

  /** Drops a refused client without an answer. */
  cut(arrival: Omit<Arrival, 'early' | 'secure'>, refusal: Refusal, verdicts: readonly RuleVerdict[]): void {
    this.counters.cut += 1
    arrival.stream.destroy()
    this.tellRefused(arrival, refusal, verdicts, false)
  }

  /** Counts a refusal, and tells whoever listens. */
  tellRefused(
    { head, remoteAddress }: Pick<Arrival, 'head' | 'remoteAddress'>,
    refusal: Refusal,
    verdicts: readonly RuleVerdict[],
    answered: boolean,
  ): void {
    this.counters.refused(refusal.code)
    if (!this.#options.onRefused && !serverChannels.handshake.observed) return
    const redact = redactor(head, this.#secrets)
    const told = redactRefusal(refusal, redact)
    const shown = { head: redactHead(head, this.#secrets), verdicts: redactVerdicts(verdicts, redact), remoteAddress }
    serverChannels.handshake.publish(() => ({
      ...shown,
      outcome: 'refused',
      code: told.code,
      status: told.status,
      ...traceContext(head.fields),
    }))
    try {
      this.#options.onRefused?.({ ...shown, refusal: told, answered })
    } catch (error) {
      warnOfFailure(error)
    }
  }

  /** Takes note of a socket whose 101 has been sent. What is returned is to be called when its last handler is done. */
  opened(socket: ServerSocket, verdicts: readonly RuleVerdict[]): () => void {
    const { head, remoteAddress } = socket.request
    this.sockets.add(socket)
    this.counters.accepted += 1
    serverChannels.handshake.publish(() => ({
      outcome: 'accepted',
      code: 'OPEN',
      status: 101,
      head: redactHead(head, this.#secrets),
      verdicts: redactVerdicts(verdicts, redactor(head, this.#secrets)),
      remoteAddress,
      ...traceContext(head.fields),
    }))
    serverChannels.open.publish(() => ({ socket }))
    return this.#track(socket)
  }

  /** Apart from `opened`, so that what it remembers for as long as a socket lives holds nothing of its handshake. */
  #track(socket: ServerSocket): () => void {
    void socket.closed.then((closing) => this.#closed(socket, closing))
    let finished = ignore
    const running = new Promise<void>((resolve) => {
      finished = () => {
        this.#running.delete(socket)
        resolve()
      }
    })
    this.#running.set(socket, running)
    return finished
  }

  handlerFailed(error: unknown, origin: ErrorOrigin): void {
    serverChannels.error.publish(() => ({ error, socket: origin.socket }))
    try {
      if (this.#options.onError) this.#options.onError(error, origin)
      else warnOfFailure(error)
    } catch (second) {
      warnOfFailure(second)
    }
  }

  /** Refuses what has not been decided on, and closes the sockets. Another call can only make it quicker. */
  drain(options: DrainOptions): Promise<DrainSummary> {
    this.#drain?.hurry(options)
    this.#drained ??= this.#beginDrain(options)
    return this.#drained
  }

  /** The same at once, bounded by the time that a client has for its Close, and again for the end of its transport. */
  async close(): Promise<void> {
    await this.drain({ within: 2 * this.limits.closeTimeout, over: 0 })
  }

  #closed(socket: ServerSocket, closing: Closing): void {
    this.sockets.delete(socket)
    this.counters.closed(closing)
    serverChannels.close.publish(() => ({ socket, closing, code: closingCode(closing) }))
  }

  async #beginDrain(options: DrainOptions): Promise<DrainSummary> {
    const refused = (): number => this.counters.refusedWith('SERVER_DRAINING')
    const { closeTimeout } = this.limits
    this.#drain = new Drain({ running: this.#running, closeTimeout, refused }, options)
    serverChannels.drain.publish(() => ({ summary: undefined }))
    this.admission.turnAllAway(drainingRefusal)
    const summary = await this.#drain.summary
    this.admission.cutOff()
    serverChannels.drain.publish(() => ({ summary }))
    return summary
  }
}

function ignore(): void {}

/** What a server answers that is shutting down. */
export function drainingRefusal(): Refusal {
  return refusalOf('SERVER_DRAINING', { fields: [retryAfter()] })
}

/** A request of which nothing has been read. */
export const unread: RequestHead = {
  method: '',
  target: '',
  version: '',
  fields: [],
  text: '',
  verbatim: true,
  faults: [],
}

function checkOrigins({ ownOrigin, origins = [] }: ServiceOptions): void {
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

function checkRelaxed(ids: readonly string[]): void {
  for (const id of ids) {
    if (rules.some((rule) => rule.id === id)) continue
    throw new ServerInputError(
      'UNKNOWN_RULE',
      `There is no rule ${JSON.stringify(id)} to relax. See \`rules\` for all ids.`,
    )
  }
}
