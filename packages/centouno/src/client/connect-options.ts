import type { ConnectionOptions } from 'node:tls'
import type { ConnectionLimits } from '../protocol/connection/limits.ts'
import type { ReportObserver } from '../report/connection-report.ts'

/** What of Node's TLS options a connection may set. */
export type TlsOptions = Pick<
  ConnectionOptions,
  | 'ca'
  | 'cert'
  | 'checkServerIdentity'
  | 'ciphers'
  | 'ecdhCurve'
  | 'key'
  | 'maxVersion'
  | 'minVersion'
  | 'passphrase'
  | 'pfx'
  | 'rejectUnauthorized'
  | 'secureContext'
  | 'servername'
  | 'sigalgs'
>

/** Header fields by name, or as pairs in order (a `Headers` object is such pairs); one name may come more than once. */
export type FieldsInput =
  | Readonly<Record<string, string | readonly string[]>>
  | Iterable<readonly [name: string, value: string]>

/** How to connect; every part has a default. */
export interface ConnectOptions {
  /**
   * Further fields of the request: `Authorization`, `Cookie` and the like. `Host`, `Upgrade`, `Connection` and
   * `Sec-WebSocket-*` are the client's own and cannot be set.
   */
  readonly headers?: FieldsInput | undefined
  /** Offered subprotocols, the preferred one first. Default: none. */
  readonly subprotocols?: readonly string[] | undefined
  /** The `Origin` to send. Default: none, since this is no browser (H-REQ-11). */
  readonly origin?: string | undefined
  /** Gives up the attempt, at any stage. It has no say any more once the connection is open. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for the whole attempt, from the name to the verdict on the reply. Default 10,000. */
  readonly handshakeTimeout?: number | undefined
  /**
   * For `wss:`. `rejectUnauthorized: false` accepts a certificate that cannot be verified; the report says so. It is
   * the only way to do so: the variable NODE_TLS_REJECT_UNAUTHORIZED has no effect here.
   */
  readonly tls?: TlsOptions | undefined
  /** Limits on what the server may send once the connection is open. */
  readonly limits?: Partial<ConnectionLimits> | undefined
  /** Ids of rules whose faults are noted in the report but do not fail the connection. */
  readonly relaxed?: Iterable<string> | undefined
  /** Fail when subprotocols are offered and the server chooses none, as browsers do (H-RES-10). Default true. */
  readonly requireSubprotocol?: boolean | undefined
  /** Is told every step of the report while it is being written. */
  readonly observe?: ReportObserver | undefined
}

/**
 * Ten seconds: a connection that needs longer is broken for whoever waits for it. Enough for one lost SYN (retried
 * after 1 s and 3 s) and a slow server besides.
 */
export const defaultHandshakeTimeout = 10_000
