import type { AcceptedRequest } from '../protocol/handshake/judgement.ts'
import { fieldValues } from '../protocol/http/field-lookup.ts'
import type { RequestHead } from '../protocol/http/head.ts'

/** What a request is made of, once it has been judged and an endpoint serves its path. */
export interface UpgradeRequestParts<Params> {
  readonly head: RequestHead
  readonly accepted: AcceptedRequest
  readonly params: Params
  readonly remoteAddress: string | undefined
  readonly secure: boolean
}

/** A valid opening request, as `authorize` and the handlers see it. */
export class UpgradeRequest<Params = Readonly<Record<string, string>>> {
  /** The head itself: method, target, every field line in order. */
  readonly head: RequestHead
  /** The path as sent, percent-encoding kept. */
  readonly path: string
  readonly query: URLSearchParams
  /** What the endpoint's path pattern captured, decoded. */
  readonly params: Params
  /** The value of `Host`. */
  readonly host: string
  /** Absent when the client sent none, as clients other than browsers do. Others can forge it (RFC 6455 §10.1). */
  readonly origin: string | undefined
  /** The offered subprotocols, in the client's order of preference. */
  readonly subprotocols: readonly string[]
  /** The address of the TCP peer, which is a proxy's if there is one. */
  readonly remoteAddress: string | undefined
  /** Whether the request came over TLS to this process. */
  readonly secure: boolean

  constructor({ head, accepted, params, remoteAddress, secure }: UpgradeRequestParts<Params>) {
    this.head = head
    this.path = accepted.path
    this.query = new URLSearchParams(accepted.query)
    this.params = params
    this.host = accepted.host
    this.origin = accepted.origin
    this.subprotocols = accepted.subprotocols
    this.remoteAddress = remoteAddress
    this.secure = secure
  }

  /** The value of a field, its lines joined by a comma and a blank (RFC 9110 §5.3); undefined when it was not sent. */
  header(name: string): string | undefined {
    // RFC 6265 §5.4 asks for one Cookie line; should there be more, a semicolon joins them (RFC 9113 §8.2.3).
    const separator = name.toLowerCase() === 'cookie' ? '; ' : ', '
    const values = fieldValues(this.head.fields, name)
    return values.length === 0 ? undefined : values.join(separator)
  }
}
