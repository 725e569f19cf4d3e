import { readWebSocketUri } from '../protocol/handshake/websocket-uri.ts'
import type { CodeDetails } from '../report/codes.ts'
import { isSecretSubprotocol } from '../report/redaction.ts'
import type { ConnectOptions, TlsOptions } from './connect-options.ts'
import { StageFailure } from './stage-failure.ts'

/** A reply that points elsewhere. */
export class RedirectFailure extends StageFailure {
  /** As received. */
  readonly location: string

  constructor(details: CodeDetails, location: string) {
    super('UPGRADE_REDIRECT', details)
    this.location = location
  }
}

/** Where one attempt goes, and with what. */
export interface Leg {
  readonly url: string
  readonly socketPath: string | undefined
  readonly options: ConnectOptions
}

/**
 * What comes after an attempt that was redirected: another one, or a failure that says why not.
 *
 * On its way to another host a request loses what its caller had meant for the first one: all further fields, for any of
 * them may be a credential, subprotocols that carry a token, and the client's certificate. It does not get them back on a
 * later leg. Real subprotocols stay: they say what is to be spoken, and without them nothing is.
 *
 * @param followed How many redirects were followed before.
 */
export function follow({ location, details }: RedirectFailure, leg: Leg, followed: number): Leg | StageFailure {
  const { options } = leg
  if (followed >= (options.redirects ?? 0)) {
    return new StageFailure('UPGRADE_REDIRECT_LIMIT', { ...details, redirects: followed })
  }
  const from = readWebSocketUri(leg.url)
  const target = resolve(location, leg.url)
  const reading = target === undefined ? undefined : readWebSocketUri(target.href)
  if (!from.ok || location === '' || reading?.ok !== true) {
    return new StageFailure('UPGRADE_REDIRECT_INVALID', details)
  }
  const { uri } = reading
  if (from.uri.secure && !uri.secure) return new StageFailure('UPGRADE_REDIRECT_INSECURE', details)
  // Only what is written as a path stays on the Unix socket: a host in it means the network.
  const stays = leg.socketPath !== undefined && isPath(location)
  const sameHost = leg.socketPath === undefined ? uri.hostField === from.uri.hostField : stays
  return {
    url: uri.href,
    socketPath: stays ? leg.socketPath : undefined,
    options: sameHost ? options : withoutCredentials(options),
  }
}

function resolve(location: string, base: string): URL | undefined {
  try {
    return new URL(location, base)
  } catch {
    return undefined
  }
}

function isPath(location: string): boolean {
  return !/^\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(location)
}

function withoutCredentials({ headers: _headers, tls, subprotocols, ...options }: ConnectOptions): ConnectOptions {
  return {
    ...options,
    tls: tls && withoutIdentity(tls),
    subprotocols: subprotocols && [...subprotocols].filter((entry) => !isSecretSubprotocol(entry)),
  }
}

// A secure context may hold a certificate, and the name was that of the first host.
function withoutIdentity(tls: TlsOptions): TlsOptions {
  const {
    cert: _cert,
    key: _key,
    pfx: _pfx,
    passphrase: _phrase,
    secureContext: _context,
    servername: _name,
    ...rest
  } = tls
  return rest
}
