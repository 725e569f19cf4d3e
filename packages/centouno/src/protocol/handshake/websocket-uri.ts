import { quote } from '../http/quote.ts'

/** A WebSocket URI taken apart as the client needs it (RFC 6455 §3). */
export interface WebSocketUri {
  /** The URI in its normal form: `ws://xn--bcher-kva.example/%C3%A4`. */
  readonly href: string
  /** Whether the connection runs over TLS: `wss`. */
  readonly secure: boolean
  /** The host to resolve and connect to, without the brackets of an IPv6 address. */
  readonly host: string
  /** The port to connect to: 80 or 443 when the URI has none. */
  readonly port: number
  /** The value of `Host`: brackets around an IPv6 address, and the port unless it is the scheme's default. */
  readonly hostField: string
  /** The request target: path, then `?` and the query when there is one. */
  readonly resource: string
  /** At least `/`. */
  readonly path: string
  /** Without its `?`; empty when there is none. */
  readonly query: string
}

/** A URI that can be dialled, or the rule it breaks and the part that breaks it, quoted. Passwords are left out. */
export type UriReading =
  | { readonly ok: true; readonly uri: WebSocketUri }
  | { readonly ok: false; readonly rule: string; readonly found: string }

interface Scheme {
  readonly secure: boolean
  readonly defaultPort: number
  /** The same URI with a WebSocket scheme begins so. */
  readonly webSocketScheme: 'ws:' | 'wss:'
}

const plain: Scheme = { secure: false, defaultPort: 80, webSocketScheme: 'ws:' }
const overTls: Scheme = { secure: true, defaultPort: 443, webSocketScheme: 'wss:' }

// http and https stand for ws and wss, as in the constructor of the WebSockets standard.
const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['ws:', plain],
  ['wss:', overTls],
  ['http:', plain],
  ['https:', overTls],
])

/**
 * Reads a WebSocket URI, before anything is sent (H-URI-01 to H-URI-05). Never throws.
 *
 *     ws-URI  = "ws:"  "//" host [ ":" port ] path [ "?" query ]
 *     wss-URI = "wss:" "//" host [ ":" port ] path [ "?" query ]
 *
 * It is parsed as the URL standard does: names by IDNA, other parts percent-encoded as UTF-8. A fragment is refused
 * (H-URI-03), an empty one too, as browsers do: dropping it would leave a caller who meant `%23` without a trace. Stricter
 * than the URL standard in three points (H-URI-02): the host must follow `//`, user information is refused because no
 * part of the handshake would carry it, and so is port 0.
 */
export function readWebSocketUri(text: string): UriReading {
  const [, schemeName] = /^[\s\0]*([A-Za-z][A-Za-z0-9+.-]*:)/.exec(text) ?? []
  const scheme = schemes.get(schemeName?.toLowerCase() ?? '')
  if (schemeName === undefined || scheme === undefined) {
    return { ok: false, rule: 'H-URI-01', found: schemeName === undefined ? quoteAuthority(text) : quote(schemeName) }
  }
  const url = tryParse(text)
  // `ws:///chat` would be read as the host "chat": a missing host must not turn the path into one.
  const hostFollows = /^\/\/[^/\\]/.test(text.slice(text.indexOf(':') + 1))
  if (url === undefined || !hostFollows || url.port === '0' || url.username !== '' || url.password !== '') {
    return { ok: false, rule: 'H-URI-02', found: quoteAuthority(text) }
  }
  // Named, not quoted: fragments are where browsers keep what servers must not see.
  if (text.includes('#')) return { ok: false, rule: 'H-URI-03', found: '#' }
  const path = url.pathname
  const query = url.search.slice(1)
  return {
    ok: true,
    uri: {
      href: scheme.webSocketScheme + url.href.slice(url.protocol.length),
      secure: scheme.secure,
      host: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
      port: url.port === '' ? scheme.defaultPort : Number(url.port),
      hostField: url.host,
      resource: query === '' ? path : `${path}?${query}`,
      path,
      query,
    },
  }
}

function tryParse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/**
 * Quotes the URI up to its path, user information as `***`: paths and queries may hold secrets, and are not at fault. In a
 * text that is no URI, a password may go on to the last `@`: an unencoded `/` in it is what often makes it none.
 */
function quoteAuthority(text: string): string {
  const slashes = text.indexOf('//')
  const start = slashes === -1 ? 0 : slashes + '//'.length
  const searched = tryParse(text) === undefined ? text : text.slice(0, authorityEnd(text, start))
  const userInformationEnd = searched.lastIndexOf('@')
  const authority =
    userInformationEnd < start
      ? text.slice(start, authorityEnd(text, start))
      : `***${text.slice(userInformationEnd, authorityEnd(text, userInformationEnd))}`
  return quote(text.slice(0, start) + authority)
}

function authorityEnd(text: string, start: number): number {
  const length = text.slice(start).search(/[/\\?#]/)
  return length === -1 ? text.length : start + length
}
