import type { ConnectionOptions } from 'node:tls'
import type { ConnectionLimits } from '../protocol/connection/limits.ts'
import type { ReportObserver } from '../report/connection-report.ts'
import type { CompressionInput } from '../socket/deflate/compression-options.ts'
import type { OutgoingBudget } from '../socket/outgoing-budget.ts'
import type { ConnectingPolicy } from './connecting-queue.ts'
import type { ProxyOptions } from './proxy/proxy-server.ts'
import type { WireObserver } from './wire-observer.ts'

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
  /** Milliseconds for all of it, from the name to the verdict on the reply, redirects included. Default 10,000. */
  readonly handshakeTimeout?: number | undefined
  /**
   * For `wss:`. `rejectUnauthorized: false` accepts a certificate that cannot be verified; the report says so. It is
   * the only way to do so: the variable NODE_TLS_REJECT_UNAUTHORIZED has no effect here.
   */
  readonly tls?: TlsOptions | undefined
  /**
   * The proxy to go through: `http:`, `https:` or `socks5:`, a URL or more; its credentials are never reported. False for
   * none. Without this option the environment decides, as for curl: `WS_PROXY` or `WSS_PROXY`, a SOCKS proxy in
   * `ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY` (for `ws:` only), `ALL_PROXY`, in this order, unless `NO_PROXY` lists the
   * server or it is this machine (`localhost`, `127.0.0.0/8`, `::1`). The option itself has no such exceptions.
   */
  readonly proxy?: string | URL | ProxyOptions | false | undefined
  /**
   * The Unix socket, or named pipe of Windows, to connect to instead of the host of the URL, which only says what the
   * request names. A URL can have it too: `ws+unix:/run/chat.sock:/rooms/1`. No proxy is used then.
   */
  readonly socketPath?: string | undefined
  /**
   * How many redirects to follow. Default 0: a redirect fails the connection, and says where it points. Each makes a new
   * attempt with a fresh key, within the same handshakeTimeout; `report.earlier` has those before, and an observer is
   * told all of them, each with its verdict. Going to another host, `headers`, the client's certificate and
   * subprotocols that begin as tokens usually do (`bearer.`, `token.`, `eyJ` and the like) are left out, for they were meant
   * for the first; other subprotocols are sent again. From `wss:` none is followed to `ws:`.
   */
  readonly redirects?: number | undefined
  /**
   * Limits how many connections of this process are being established at once; those beyond wait. RFC 6455 §4.1 asks
   * clients for `{ onePerAddress: true }`, so that no page can flood a server. Default: no limit, for a server that
   * connects to another wants its connections now. Only connections with this option count and wait.
   */
  readonly connecting?: ConnectingPolicy | undefined
  /**
   * Look closer when a server hangs up on a request for `ws:` without a word, as TLS servers do: one more TCP connection
   * is made to learn whether it expects TLS. Default true.
   */
  readonly explainSilence?: boolean | undefined
  /**
   * Messages of at least so many bytes arrive as streams, while they are still coming; 0: all of them. They are read by
   * `socket.streams()` or the handler `stream` of `consume`. Default: none.
   */
  readonly streamFrom?: number | undefined
  /** What may wait for a server that reads too slowly, and what `send` does when it is more. Default: 16 MiB, `wait`. */
  readonly outgoing?: Partial<OutgoingBudget> | undefined
  /**
   * Offer to compress messages (`permessage-deflate`, RFC 7692): true, or how. The server decides. Default false, as text that
   * others choose beside a secret can reveal it by the length.
   */
  readonly compression?: CompressionInput | undefined
  /** Limits on what the server may send once the connection is open. */
  readonly limits?: Partial<ConnectionLimits> | undefined
  /** Ids of rules whose faults are noted in the report but do not fail the connection. */
  readonly relaxed?: Iterable<string> | undefined
  /** Fail when subprotocols are offered and the server chooses none, as browsers do (H-RES-10). Default true. */
  readonly requireSubprotocol?: boolean | undefined
  /**
   * The trace this connection belongs to (W3C Trace Context), sent in the request. Tracing systems can set it by the
   * channel `centouno:client:start` instead.
   */
  readonly traceparent?: string | undefined
  /** What tracing systems add to it. Needs a `traceparent`. */
  readonly tracestate?: string | undefined
  /** Is told every step of the report while it is being written. */
  readonly observe?: ReportObserver | undefined
  /**
   * Is shown every byte below TLS, and the keys to read them, until the connection is gone. It costs a stream more for
   * each connection; without it nothing.
   */
  readonly wire?: WireObserver | undefined
}

/**
 * Ten seconds: a connection that needs longer is broken for whoever waits for it. Enough for one lost SYN (retried
 * after 1 s and 3 s) and a slow server besides.
 */
export const defaultHandshakeTimeout = 10_000
