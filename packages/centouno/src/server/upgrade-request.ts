import { inspect } from 'node:util'
import type { AcceptedRequest } from '../protocol/handshake/judgement.ts'
import { encodeLatin1 } from '../protocol/encoding/latin1.ts'
import { fieldValues } from '../protocol/http/field-lookup.ts'
import type { RequestHead } from '../protocol/http/head.ts'
import { parseRequestHead } from '../protocol/http/request-head.ts'
import { traceContext } from '../protocol/http/trace-context.ts'
import type { BearerFinder } from './bearer.ts'
import { LazyAbort } from './lazy-abort.ts'
import { type Cookie, parseCookies } from './parameters/cookies.ts'
import type { AnyInputs, RequestInputs } from './parameters/declaration.ts'
import { noInputs } from './parameters/endpoint-inputs.ts'

const noNames: readonly string[] = Object.freeze([])

/** What a request is made of, once it has been judged and an endpoint serves its path. */
export interface UpgradeRequestParts {
  readonly head: RequestHead
  readonly accepted: AcceptedRequest
  /** What the endpoint's path pattern captured, decoded. */
  readonly captured: Readonly<Record<string, string>>
  readonly bearer: BearerFinder
  readonly leaving: LazyAbort
  readonly remoteAddress: string | undefined
  readonly secure: boolean
}

/**
 * The handshake is over: what is kept of the head is its text, to be read again should somebody ask. Most sockets live
 * long, and nobody does. A signal that nobody has asked for is not kept either.
 */
export let releaseHead: (request: UpgradeRequest) => void

/** Gives a request its declared inputs, once they have been read. */
export let provideInputs: (request: UpgradeRequest, inputs: RequestInputs) => void

/**
 * A valid opening request, as `authorize` and the handlers see it. Logging it, as JSON or by `console.log`, shows neither
 * tokens nor cookies.
 */
export class UpgradeRequest<Inputs extends RequestInputs = AnyInputs> {
  /** The path as sent, percent-encoding kept. */
  readonly path: string
  /** The value of `Host`. */
  readonly host: string
  /** Absent when the client sent none, as clients other than browsers do. Others can forge it (RFC 6455 §10.1). */
  readonly origin: string | undefined
  /** The offered subprotocols, in the client's order of preference, those left out that carry a token. */
  readonly subprotocols: readonly string[]
  /** The bearer token, from the first place of the endpoint's `bearer` that has one; by default `Authorization`. */
  readonly bearer: string | undefined
  /** The address of the TCP peer, which is a proxy's if there is one. */
  readonly remoteAddress: string | undefined
  /** Whether the request came over TLS to this process. */
  readonly secure: boolean
  readonly #query: string
  #head: RequestHead | string
  // Made anew by whoever asks for the signal of a request that has been decided on: nothing aborts that.
  #leaving: LazyAbort | undefined
  readonly #captured: Readonly<Record<string, string>>
  /** Undefined where the endpoint declares none. */
  #inputs: RequestInputs | undefined
  #searchParams: URLSearchParams | undefined
  #cookies: readonly Cookie[] | undefined

  static {
    Object.defineProperty(this.prototype, inspect.custom, {
      value(this: UpgradeRequest) {
        return { UpgradeRequest: this.toJSON() }
      },
    })
    releaseHead = (request) => {
      const head = request.#head
      // What another parser has read is not to be had again from its text: it may have let pass what we would not.
      if (typeof head === 'object' && head.verbatim) request.#head = head.text
      if (request.#leaving?.asked !== true) request.#leaving = undefined
    }
    provideInputs = (request, inputs) => {
      request.#inputs = inputs
    }
  }

  constructor({ head, accepted, captured, bearer, leaving, remoteAddress, secure }: UpgradeRequestParts) {
    this.#head = head
    this.path = accepted.path
    this.host = accepted.host
    this.origin = accepted.origin
    // Most offer none, and what a socket keeps of its request is kept for long.
    const offered = accepted.subprotocols
    this.subprotocols = offered.length === 0 ? noNames : offered.filter((name) => !bearer.carries(name))
    this.remoteAddress = remoteAddress
    this.secure = secure
    this.#query = accepted.query
    this.#leaving = leaving
    this.#captured = captured
    this.bearer = bearer.find(this, accepted.subprotocols)
  }

  /** The head itself: method, target, every field line in order, secrets and all. */
  get head(): RequestHead {
    if (typeof this.#head === 'string') this.#head = parseRequestHead(encodeLatin1(this.#head))
    return this.#head
  }

  /** What the endpoint's path pattern captured, decoded, and converted where the endpoint declares it. */
  get params(): Inputs['params'] {
    return this.#inputs?.params ?? this.#captured
  }

  /** The query parameters that the endpoint declares. For any other, see `searchParams`. */
  get query(): Inputs['query'] {
    return this.#inputs?.query ?? noInputs
  }

  /** The header fields that the endpoint declares, by the names it declares. For any other, see `header`. */
  get headers(): Inputs['headers'] {
    return this.#inputs?.headers ?? noInputs
  }

  /** The cookies that the endpoint declares. For any other, see `cookie`. */
  get cookies(): Inputs['cookies'] {
    return this.#inputs?.cookies ?? noInputs
  }

  /** The query as it was sent, declared or not. */
  get searchParams(): URLSearchParams {
    this.#searchParams ??= new URLSearchParams(this.#query)
    return this.#searchParams
  }

  /**
   * Aborted when the client goes away, or `authorizeTimeout` passes, while the request is being decided on. Hand it to
   * whatever `authorize` waits for. Never aborted later.
   */
  get signal(): AbortSignal {
    return (this.#leaving ??= new LazyAbort()).signal
  }

  /** The value of a field, its lines joined by a comma and a blank (RFC 9110 §5.3); undefined when it was not sent. */
  header(name: string): string | undefined {
    // RFC 6265 §5.4 asks for one Cookie line; should there be more, a semicolon joins them (RFC 9113 §8.2.3).
    const separator = name.toLowerCase() === 'cookie' ? '; ' : ', '
    const values = fieldValues(this.head.fields, name)
    return values.length === 0 ? undefined : values.join(separator)
  }

  /** The value of a cookie, declared or not, decoded; the first when there are several, which has the closest path. */
  cookie(name: string): string | undefined {
    return this.allCookies.find((cookie) => cookie.name === name)?.value
  }

  /** The trace that the client's request belongs to (W3C Trace Context); undefined when it says none, or not well. */
  get traceparent(): string | undefined {
    return traceContext(this.head.fields).traceparent
  }

  /** What tracing systems add to `traceparent`; undefined without one. */
  get tracestate(): string | undefined {
    return traceContext(this.head.fields).tracestate
  }

  /** Every cookie in the order sent. */
  get allCookies(): readonly Cookie[] {
    this.#cookies ??= parseCookies(this.header('cookie') ?? '')
    return this.#cookies
  }

  /** What of the request may be logged. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { path, host, origin, subprotocols, remoteAddress, secure } = this
    return { path, host, origin, subprotocols, remoteAddress, secure }
  }
}
