import { connect } from '../connect.ts'
import { checkReconnect } from './check-options.ts'
import type { ReconnectOptions, ReconnectUrl } from './reconnect-options.ts'
import { ReconnectingSocket } from './reconnecting-socket.ts'

/**
 * Connects to a WebSocket server and stays connected. The first attempt is made at once. After a connection was lost, or
 * an attempt failed, the next comes after a random delay of up to 5 s, then of up to 10, 20, 40 and 60 s (RFC 6455
 * §7.2.3); a server that says when to come back, in `Retry-After`, in the reason of its Close or by 1012 and 1013, is
 * obeyed. It stops when it is closed here, and at codes that say so; see `ReconnectOptions.retries`.
 *
 * Nothing it does rejects without a caller, whatever happens.
 *
 *     const live = reconnecting('wss://example.com/feed', { watch: console.log })
 *     for await (const message of live) …
 *
 * @throws SocketInputError (`RECONNECT_OPTIONS`) at once, for options of a wrong type. What is wrong with the URL, or with the
 *   options for `connect`, makes an attempt that fails, after which there is no other.
 */
export function reconnecting(url: ReconnectUrl, options: ReconnectOptions = {}): ReconnectingSocket {
  checkReconnect(options)
  return new ReconnectingSocket(url, options, connect)
}
