import type { Closing } from '../../protocol/connection/closing.ts'
import type { ConnectionReport } from '../../report/connection-report.ts'
import type { Clock } from '../../transport/clock.ts'
import type { ClientSocket } from '../client-socket.ts'
import type { ConnectOptions } from '../connect-options.ts'
import type { ConnectionEnd, RetryReason } from './reconnect-decision.ts'
import type { ReconnectDelays } from './reconnect-delays.ts'

/** What a {@link ReconnectingSocket} does, as it does it. */
export type ReconnectEvent =
  /** An attempt succeeded. What is sent or consumed here comes before anything else of this connection. */
  | {
      readonly kind: 'open'
      readonly attempt: number
      readonly socket: ClientSocket
      readonly report: ConnectionReport
    }
  /** An attempt failed. The error is a ConnectError with its report, or what a function of the caller threw. */
  | { readonly kind: 'failed'; readonly attempt: number; readonly error: Error }
  /** An open connection came to its end; its report has the stages `close` and `disconnect` now. */
  | { readonly kind: 'lost'; readonly attempt: number; readonly closing: Closing; readonly report: ConnectionReport }
  /** The next attempt comes after this delay in milliseconds. */
  | { readonly kind: 'waiting'; readonly delay: number; readonly why: RetryReason; readonly failures: number }
  | { readonly kind: 'stopped'; readonly outcome: ReconnectOutcome }

/** Why there are no further attempts. */
export interface ReconnectOutcome {
  /**
   * `closed` here: by `close`, the signal, or with 1000 from either side. `final`: by a code that says not to come back.
   * `attempts`: there were as many as allowed.
   */
  readonly why: 'closed' | 'final' | 'attempts'
  /** How the last connection or attempt ended; undefined when it was stopped between two. */
  readonly end: ConnectionEnd | undefined
}

type Given<Value> = Value | (() => Value | Promise<Value>)

/** The URL, or what makes one for each attempt: with a ticket in it that is good for one connection, say. */
export type ReconnectUrl = Given<string | URL>

/** How to stay connected; every part has a default. */
export interface ReconnectOptions {
  /**
   * For `connect`, the same each time or made anew: with a fresh token, say. A function that throws makes a failed
   * attempt. Unlike there, `explainSilence` defaults to false: many clients must not knock twice.
   */
  readonly connect?: Given<ConnectOptions> | undefined
  readonly delays?: Partial<ReconnectDelays> | undefined
  /** How often in a row it may go wrong. Default: without limit. */
  readonly maxFailures?: number | undefined
  /**
   * Decides whether to try again after this end. `byDefault` is what the codes say: no after 1000, 1008, 1010 and 4000
   * to 4099; after failures of the call itself or of its credentials, such as `OPTIONS_INVALID`, `PROXY_AUTH_REQUIRED`;
   * and after the refusals 400, 401, 403, 404, 405, 407, 410, 426 and redirects. Yes after anything else.
   */
  readonly retries?: ((end: ConnectionEnd, byDefault: boolean) => boolean) | undefined
  /** Stops it all: the waiting, an attempt, or the open connection, which is closed with 1001. */
  readonly signal?: AbortSignal | undefined
  /** Is told every step. What it throws is ignored. */
  readonly watch?: ((event: ReconnectEvent) => void) | undefined
  /** For tests: where time comes from, and numbers from 0 to below 1. */
  readonly clock?: Clock | undefined
  readonly random?: (() => number) | undefined
}
