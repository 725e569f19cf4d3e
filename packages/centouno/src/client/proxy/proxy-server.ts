import type { Field } from '../../protocol/http/head.ts'
import { quote } from '../../protocol/http/quote.ts'
import { formatAddress } from '../address.ts'
import type { FieldsInput, TlsOptions } from '../connect-options.ts'
import { fieldsOf } from '../fields.ts'
import { shownUrl } from '../shown-url.ts'
import { StageFailure } from '../stage-failure.ts'

/** A proxy with more than a URL says. */
export interface ProxyOptions {
  /** `http:`, `https:` (the way to the proxy is encrypted too) or `socks5:`; it may carry user name and password. */
  readonly url: string | URL
  /** In place of those in the URL, and not percent-encoded. */
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** Further fields of the CONNECT request, for HTTP proxies. */
  readonly headers?: FieldsInput | undefined
  /** For an `https:` proxy; the server's own TLS has the options of the connection. */
  readonly tls?: TlsOptions | undefined
}

export interface Credentials {
  readonly username: string
  readonly password: string
}

/** A proxy, ready to be used. Nothing but `name` of it may be shown. */
export interface ProxyServer {
  readonly protocol: 'http' | 'https' | 'socks5'
  readonly host: string
  readonly port: number
  /** `http://proxy.example:3128`: without user name and password. */
  readonly name: string
  readonly credentials: Credentials | undefined
  readonly fields: readonly Field[]
  readonly tls: TlsOptions
  /** What named it: the option `proxy`, or a variable of the environment. */
  readonly namedBy: string
}

interface Scheme {
  readonly protocol: ProxyServer['protocol']
  readonly defaultPort: number
}

const socks: Scheme = { protocol: 'socks5', defaultPort: 1080 }

// The proxy resolves the server's name whichever of the three is written: nobody else on the way needs to learn it.
const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['http:', { protocol: 'http', defaultPort: 80 }],
  ['https:', { protocol: 'https', defaultPort: 443 }],
  ['socks5:', socks],
  ['socks5h:', socks],
  ['socks:', socks],
])

// RFC 1929 §2: the length of each is one byte.
const longestSocksCredential = 255

/**
 * Reads how a proxy was named. `proxy.example:3128` stands for `http://proxy.example:3128`, as in curl.
 *
 * @throws StageFailure (`PROXY_INVALID`); its reason does not show credentials.
 */
export function readProxy(input: string | URL | ProxyOptions, namedBy: string): ProxyServer {
  const options: ProxyOptions = typeof input === 'string' || input instanceof URL ? { url: input } : input
  const url = parse(String(options.url), namedBy)
  const scheme = schemes.get(url.protocol)
  if (scheme === undefined) {
    throw invalid(`${quote(url.protocol)}// is no kind of proxy this client knows`, namedBy)
  }
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  const port = url.port === '' ? scheme.defaultPort : Number(url.port)
  if (host === '' || port === 0) throw invalid(`${quote(shownUrl(url.href))} lacks a host or has port 0`, namedBy)
  const credentials = credentialsOf(url, options)
  if (credentials !== undefined) checkCredentials(credentials, scheme.protocol, namedBy)
  return {
    protocol: scheme.protocol,
    host,
    port,
    name: `${scheme.protocol}://${formatAddress(host, port)}`,
    credentials,
    fields: fieldsOf(options.headers ?? {}),
    tls: options.tls ?? {},
    namedBy,
  }
}

function parse(text: string, namedBy: string): URL {
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim()) ? text : `http://${text.trim()}`)
  } catch {
    throw invalid(`${quote(shownUrl(text))} is no URL`, namedBy)
  }
}

function credentialsOf(url: URL, options: ProxyOptions): Credentials | undefined {
  const username = options.username ?? decode(url.username)
  const password = options.password ?? decode(url.password)
  return username === '' && password === '' ? undefined : { username, password }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone percent sign: taken as it is.
    return text
  }
}

function checkCredentials({ username, password }: Credentials, protocol: ProxyServer['protocol'], by: string): void {
  if (protocol !== 'socks5') {
    // RFC 7617 §2: the first colon ends the user name.
    if (username.includes(':')) throw invalid('its user name has a colon, which Basic cannot carry', by)
    return
  }
  const lengths = [username, password].map((text) => new TextEncoder().encode(text).length)
  if (lengths[0] === 0) throw invalid('it has a password and no user name', by)
  if (lengths.some((length) => length > longestSocksCredential)) {
    throw invalid(`SOCKS takes user names and passwords of ${longestSocksCredential} bytes at most`, by)
  }
}

export function invalid(reason: string, namedBy: string): StageFailure {
  return new StageFailure('PROXY_INVALID', { reason, variable: namedBy })
}
