import { isIP } from 'node:net'
import type { WebSocketUri } from '../../protocol/handshake/websocket-uri.ts'
import { bypasses } from './no-proxy.ts'

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A proxy the environment names for a connection. */
export interface NamedProxy {
  readonly value: string
  /** The variable that names it, as it is written there. */
  readonly variable: string
}

/**
 * The proxy the environment names for a server; undefined when it is to be reached directly.
 *
 * In order of preference (H-CON-05: SOCKS, then the proxy for HTTPS, which is used to tunnels, then the one for HTTP):
 *
 * - `WS_PROXY` for `ws:`, `WSS_PROXY` for `wss:`: said for WebSocket, so it comes before all that is said in general
 * - `ALL_PROXY`, if it names a SOCKS proxy
 * - `HTTPS_PROXY`
 * - `HTTP_PROXY`, for `ws:` only
 * - `ALL_PROXY`
 *
 * In lower case each comes before its upper-case twin. `NO_PROXY` lists what is reached directly; so is this machine
 * itself, which a proxy elsewhere would not find by its loopback address.
 */
export function environmentProxy(
  { host, port, secure }: WebSocketUri,
  environment: Environment,
): NamedProxy | undefined {
  if (isLoopback(host)) return undefined
  const noProxy = read('NO_PROXY', environment)
  if (noProxy !== undefined && bypasses(noProxy.value, host, port)) return undefined
  const all = read('ALL_PROXY', environment)
  return (
    read(secure ? 'WSS_PROXY' : 'WS_PROXY', environment) ??
    (all !== undefined && /^socks/i.test(all.value) ? all : undefined) ??
    read('HTTPS_PROXY', environment) ??
    (secure ? undefined : readHttpProxy(environment)) ??
    all
  )
}

function read(name: string, environment: Environment): NamedProxy | undefined {
  for (const variable of [name.toLowerCase(), name]) {
    const value = environment[variable]?.trim()
    if (value !== undefined && value !== '') return { value, variable }
  }
  return undefined
}

// In a CGI program HTTP_PROXY is what the client sent as a field `Proxy` (CVE-2016-5385).
function readHttpProxy(environment: Environment): NamedProxy | undefined {
  const found = read('HTTP_PROXY', environment)
  return environment['REQUEST_METHOD'] !== undefined && found?.variable === 'HTTP_PROXY' ? undefined : found
}

function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  return isIP(name) === 4 ? name.startsWith('127.') : name === '::1'
}
