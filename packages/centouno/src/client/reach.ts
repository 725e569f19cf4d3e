import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { WebSocketUri } from '../protocol/handshake/websocket-uri.ts'
import { formatAddress } from './address.ts'
import type { Attempt } from './attempt.ts'
import type { ConnectingPolicy } from './connecting-queue.ts'
import type { ProxyServer } from './proxy/proxy-server.ts'
import type { Route } from './route.ts'
import { StageFailure } from './stage-failure.ts'
import { connectTcp } from './stages/connect-tcp.ts'
import { connectUnix } from './stages/connect-unix.ts'
import { openTunnel } from './stages/proxy.ts'
import { resolveHost } from './stages/resolve.ts'
import { watched } from './watched-stream.ts'
import type { WatchedStream } from './watched-stream.ts'

/** Walks the stages up to a stream of bytes to and from the server. */
export async function reach(
  attempt: Attempt,
  uri: WebSocketUri,
  route: Route,
  connecting: ConnectingPolicy | undefined,
): Promise<Duplex> {
  if (route.kind === 'unix') return watched(attempt, await connectUnix(attempt, route.path))
  return route.kind === 'proxy'
    ? reachThroughProxy(attempt, uri, route.proxy, connecting)
    : reachDirectly(attempt, uri, connecting)
}

async function reachDirectly(
  attempt: Attempt,
  uri: WebSocketUri,
  policy: ConnectingPolicy | undefined,
): Promise<Duplex> {
  const addresses = await resolveHost(attempt, uri)
  const places = addresses.map(({ address }) => formatAddress(address, uri.port))
  return watched(attempt, await connectTcp(attempt, uri, addresses, policy && { policy, places }))
}

async function reachThroughProxy(
  attempt: Attempt,
  uri: WebSocketUri,
  proxy: ProxyServer,
  policy: ConnectingPolicy | undefined,
): Promise<Duplex> {
  const server = attempt.known
  // Until the tunnel is there, host and address are those of the proxy.
  attempt.known = { ...server, proxy: proxy.name, variable: proxy.namedBy, host: proxy.host, port: proxy.port }
  let tcp: Socket | WatchedStream
  try {
    const addresses = await resolveHost(attempt, proxy, { proxy: proxy.name, namedBy: proxy.namedBy })
    // The server's address is known to the proxy only, so each name counts as a host of its own (H-CON-02).
    const places = [formatAddress(uri.host, uri.port)]
    tcp = watched(attempt, await connectTcp(attempt, proxy, addresses, policy && { policy, places }))
  } catch (error) {
    throw proxyFailure(error)
  }
  const tunnel = await openTunnel(attempt, proxy, uri, tcp)
  attempt.known = { ...server, proxy: proxy.name }
  return tunnel
}

const byStage: ReadonlyMap<string, string> = new Map([
  ['RESOLVE_NOT_FOUND', 'PROXY_NOT_FOUND'],
  ['RESOLVE_TEMPORARY', 'PROXY_NOT_FOUND'],
  ['RESOLVE_TIMEOUT', 'PROXY_NOT_FOUND'],
  ['RESOLVE_FAILED', 'PROXY_NOT_FOUND'],
  ['CONNECT_REFUSED', 'PROXY_UNREACHABLE'],
  ['CONNECT_UNREACHABLE', 'PROXY_UNREACHABLE'],
  ['CONNECT_RESET', 'PROXY_UNREACHABLE'],
  ['CONNECT_TIMEOUT', 'PROXY_UNREACHABLE'],
  ['CONNECT_FAILED', 'PROXY_UNREACHABLE'],
])

/** What failed was the way to the proxy, and not that to the server. */
function proxyFailure(error: unknown): unknown {
  if (!(error instanceof StageFailure)) return error
  const code = byStage.get(error.code)
  if (code === undefined) return error
  const { reason = `no answer within ${error.details['timeout']} ms` } = error.details
  return new StageFailure(code, { ...error.details, reason }, error.cause)
}
