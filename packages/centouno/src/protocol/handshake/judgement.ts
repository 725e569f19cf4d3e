import type { Field } from '../http/head.ts'
import type { ExtensionOffer } from './extension-list.ts'
import type { RuleVerdict } from './rule.ts'
import type { Text } from '../text.ts'

/** What a server asks of a request, beyond what the standard asks. */
export interface RequestPolicy {
  /** Ids of rules that are told (`noted`) but not enforced. */
  readonly relaxed: ReadonlySet<string>
  /** Origins accepted besides the server's own (scheme, host and port must match exactly); `'any'` turns the check off. */
  readonly origins: readonly string[] | 'any'
  /** The server's own origin; without it, what the request's `Host` and `secure` make it. */
  readonly ownOrigin?: string
  /** The strict reading of F7: a request without `Origin` is refused. Default false: only browsers must send it. */
  readonly requireOrigin: boolean
  /** Whether the request came over TLS; decides the scheme of the server's own origin and the default port. */
  readonly secure: boolean
}

/** Why a request does not become a WebSocket, ready to be sent as an HTTP response. */
export interface Refusal {
  readonly status: number
  /** Fields the status obliges us to send: `Allow` with 405, `Upgrade` with 426, and so on. */
  readonly fields: readonly Field[]
  /**
   * Stable, and named on both sides of the wire: the id of the broken rule, or a code of the table of codes when every
   * rule is kept (`SERVER_FULL`, `SERVER_REFUSED`).
   */
  readonly code: string
  /** The broken rule; absent when none is. */
  readonly rule?: string
  readonly sentence: Text
  /** What was found against the rule, quoting the request; absent when the application refused. */
  readonly found?: Text
  readonly hint?: Text
}

/** What a valid request asks for. */
export interface AcceptedRequest {
  readonly key: string
  /** Path of the target, percent-encoding kept: `/rooms/42`. */
  readonly path: string
  /** What follows the first `?`, without it; empty when there is none. */
  readonly query: string
  /** The value of `Host`. */
  readonly host: string
  readonly origin: string | undefined
  /** Offered subprotocols, in the client's order of preference. */
  readonly subprotocols: readonly string[]
  /** Offered extensions, in the client's order of preference. */
  readonly extensions: readonly ExtensionOffer[]
}

/** The server's judgement of a request: accepted with what it asks for, or refused with the reason. */
export type RequestJudgement =
  | { readonly ok: true; readonly accepted: AcceptedRequest; readonly verdicts: readonly RuleVerdict[] }
  | { readonly ok: false; readonly refusal: Refusal; readonly verdicts: readonly RuleVerdict[] }

/** What the client sent, as far as its reply has to fit it. */
export interface SentRequest {
  readonly key: string
  readonly subprotocols: readonly string[]
  readonly extensions: readonly ExtensionOffer[]
  /** A server that answers a subprotocol offer with none is refused, as browsers do (H-RES-10). Default true. */
  readonly requireSubprotocol: boolean
  readonly relaxed: ReadonlySet<string>
}

/** What a valid 101 agreed to. */
export interface AcceptedResponse {
  /** Empty when none was agreed. */
  readonly subprotocol: string
  /** Agreed extensions in the order they apply. */
  readonly extensions: readonly ExtensionOffer[]
}

/** The client's judgement of a 101. Any other status never comes here: it is ordinary HTTP (H-RES-01, H-TRAP-05). */
export type ResponseJudgement =
  | { readonly ok: true; readonly accepted: AcceptedResponse; readonly verdicts: readonly RuleVerdict[] }
  | { readonly ok: false; readonly rule: string; readonly verdicts: readonly RuleVerdict[] }
