import type { WebSocketUri } from '../protocol/handshake/websocket-uri.ts'
import type { ConnectOptions } from './connect-options.ts'
import { environmentProxy } from './proxy/environment-proxy.ts'
import type { Environment } from './proxy/environment-proxy.ts'
import { readProxy } from './proxy/proxy-server.ts'
import type { ProxyServer } from './proxy/proxy-server.ts'

/** How a server is reached. */
export type Route =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly proxy: ProxyServer }
  | { readonly kind: 'unix'; readonly path: string }

/**
 * Decides by which way a server is reached: a Unix socket if one is named, the proxy of the call, the proxy of the
 * environment, or directly.
 *
 * @throws StageFailure (`PROXY_INVALID`)
 */
export function routeTo(
  uri: WebSocketUri,
  { proxy }: Pick<ConnectOptions, 'proxy'>,
  socketPath: string | undefined,
  environment: Environment,
): Route {
  if (socketPath !== undefined) return { kind: 'unix', path: socketPath }
  if (proxy === false) return { kind: 'direct' }
  if (proxy !== undefined) return { kind: 'proxy', proxy: readProxy(proxy, 'options.proxy') }
  const named = environmentProxy(uri, environment)
  if (named === undefined) return { kind: 'direct' }
  return { kind: 'proxy', proxy: readProxy(named.value, named.variable) }
}
