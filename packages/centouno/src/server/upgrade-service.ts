import type { Duplex } from 'node:stream'
import type { Closing } from '../protocol/connection/closing.ts'
import type { Refusal, RequestPolicy } from '../protocol/handshake/judgement.ts'
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
import { warnOfFailure, whenRejected } from '../socket/handler-outcome.ts'
import { Admission, type ReachedLimit } from './admission.ts'
import { checkService } from './check-options.ts'
import { ClientAddresses } from './client-address.ts'
import { Drain, type DrainOptions, type DrainSummary } from './drain.ts'
import type { CompressionOptions } from '../socket/deflate/compression-options.ts'
import { checkEndpoints, type Endpoint } from './endpoint.ts'
import { compressionOf } from './endpoint-flow.ts'
import { retryAfter } from './retry-after.ts'
import { sendRefusal } from './send-refusal.ts'
import { checkOrigins, checkRelaxed, type ErrorOrigin, type ServiceOptions } from './service-options.ts'
import { serverChannels } from './server-channels.ts'
import { readLimits, type ServerLimits } from './server-limits.ts'
import type { ServerSocket } from './server-socket.ts'
import { RunningSockets } from './running-sockets.ts'
import { Counters, type ServerStats } from './server-stats.ts'
import { longestDelay } from '../transport/clock.ts'
import { traceContext } from '../protocol/http/trace-context.ts'

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
  /** Of endpoints that do not say; undefined: they do not compress. */
  readonly compression: CompressionOptions | undefined
  readonly #running = new RunningSockets()
  #end: { readonly drain: Drain; readonly summary: Promise<DrainSummary> } | undefined
  readonly #options: ServiceOptions
  readonly #secrets: SecretPlaces
  /** Refusals for limits that have been reached, without the fields that are drawn anew. */
  readonly #full = new Map<ReachedLimit['limit'], Refusal>()
  readonly #plainPolicy: RequestPolicy
  readonly #securePolicy: RequestPolicy

  constructor(options: ServiceOptions, endpoints: readonly Endpoint[]) {
    checkService(options)
    checkEndpoints(endpoints)
    checkRelaxed(options.relaxed ?? [])
    checkOrigins(options)
    this.endpoints = endpoints
    this.limits = readLimits(options.limits)
    this.compression = compressionOf(options.compression ?? false)
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
    return this.#end !== undefined
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
      serverChannels.limit.publish(() => ({ ...reached, remoteAddress }))
      return { ...this.#wordsFor(reached), fields: [retryAfter()] }
    }
    const reached = this.admission.enter(stream, remoteAddress, refused)
    return reached && refused(reached)
  }

  /** Filled once: a flood is refused for the same limit again and again. */
  #wordsFor({ code, limit, value }: ReachedLimit): Refusal {
    const known = this.#full.get(limit)
    if (known) return known
    const words = refusalOf(code, { details: { limit, value } })
    this.#full.set(limit, words)
    return words
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
    const shown = {
      head: redactHead(head, this.#secrets, redact),
      verdicts: redactVerdicts(verdicts, redact),
      remoteAddress,
    }
    serverChannels.handshake.publish(() => ({
      ...shown,
      outcome: 'refused',
      code: told.code,
      status: told.status,
      ...traceContext(head.fields),
    }))
    try {
      whenRejected(this.#options.onRefused?.({ ...shown, refusal: told, answered }), warnOfFailure)
    } catch (error) {
      warnOfFailure(error)
    }
  }

  /** Takes note of a socket whose 101 has been sent. */
  opened(socket: ServerSocket, verdicts: readonly RuleVerdict[]): void {
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
    this.#running.add(socket)
  }

  /** The socket's connection is over; what had arrived may still be on its way to its handlers. */
  ended(socket: ServerSocket, closing: Closing): void {
    // Before the handler is told, which may want to tell those who are left.
    this.sockets.delete(socket)
    this.counters.closed(closing)
    serverChannels.close.publish(() => ({ socket, closing, code: closingCode(closing) }))
  }

  /** The last handler of the socket has returned, or there will be none. */
  finished(socket: ServerSocket): void {
    this.sockets.delete(socket)
    this.#running.finish(socket)
  }

  handlerFailed(error: unknown, origin: ErrorOrigin): void {
    serverChannels.error.publish(() => ({ error, socket: origin.socket }))
    try {
      if (this.#options.onError) whenRejected(this.#options.onError(error, origin), warnOfFailure)
      else warnOfFailure(error)
    } catch (second) {
      warnOfFailure(second)
    }
  }

  /**
   * Refuses what has not been decided on, and closes the sockets. Another call can only make it quicker.
   *
   * @throws ServerInputError (`DRAIN`) at once.
   */
  drain(options: DrainOptions): Promise<DrainSummary> {
    if (this.#end) {
      this.#end.drain.hurry(options)
    } else {
      const refused = (): number => this.counters.refusedWith('SERVER_DRAINING')
      const { closeTimeout } = this.limits
      const drain = new Drain({ running: this.#running, closeTimeout, refused }, options)
      this.#end = { drain, summary: this.#accompany(drain) }
    }
    return this.#end.summary
  }

  /** The same at once, bounded by the time that a client has for its Close, and again for the end of its transport. */
  async close(): Promise<void> {
    await this.drain({ within: Math.min(2 * this.limits.closeTimeout, longestDelay), over: 0 })
  }

  async #accompany(drain: Drain): Promise<DrainSummary> {
    serverChannels.drain.publish(() => ({ summary: undefined }))
    this.admission.turnAllAway(drainingRefusal)
    const summary = await drain.summary
    this.admission.cutOff()
    serverChannels.drain.publish(() => ({ summary }))
    return summary
  }
}

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
