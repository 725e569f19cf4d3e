import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { ConnectOptions } from 'centouno'
import { collectField, collectPair, collectText, milliseconds, wholeNumber } from './arguments.ts'

/** How a command was told to reach a server. */
export interface ReachingFlags {
  readonly insecure?: true
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** False by `--no-proxy`. */
  readonly proxy?: string | boolean
  readonly timeout?: number
}

/** How a command was told to connect. */
export interface ConnectionFlags extends ReachingFlags {
  readonly header?: readonly (readonly [name: string, value: string])[]
  readonly cookie?: readonly (readonly [name: string, value: string])[]
  readonly bearer?: string
  readonly subprotocol?: readonly string[]
  readonly origin?: string
  readonly redirects?: number
  readonly relax?: readonly string[]
}

const mostRedirects = 100

/** Gives a command the options by which a connection is made: the same for every command that makes one. */
export function addConnectionFlags(command: Command): Command {
  const described = command
    .option('--header <field>', "further header field, 'Name: value'; repeatable", collectField)
    .option('--cookie <pair>', "cookie to send, 'name=value'; repeatable", collectPair)
    .option('--bearer <token>', 'token to send as Authorization: Bearer')
    .option('--subprotocol <name>', 'subprotocol to offer, preferred first; repeatable', collectText)
    .option('--origin <origin>', 'Origin to send, as a browser would')
    .option('--redirects <n>', 'redirects to follow at most', (text) => wholeNumber(text, 0, mostRedirects))
    .option('--relax <rule>', 'note a broken rule of this id, and connect all the same; repeatable', collectText)
  return addReachingFlags(described)
}

/** Gives a command the options by which a server is reached. */
export function addReachingFlags(command: Command): Command {
  return command
    .option('--insecure', 'accept a certificate that cannot be verified')
    .option('--ca <file>', 'PEM file of certificates to trust instead of the usual ones')
    .option('--cert <file>', "PEM file of this client's certificate")
    .option('--key <file>', "PEM file of the certificate's key")
    .option('--proxy <url>', 'proxy: http:, https: or socks5: (default: as the environment says)')
    .option('--no-proxy', 'go directly, whatever the environment says')
    .option('--timeout <ms>', 'milliseconds for the whole attempt', milliseconds)
}

/**
 * The same for the engine.
 *
 * @throws Error, for a file that cannot be read.
 */
export function connectOptions(flags: ConnectionFlags): ConnectOptions {
  return {
    headers: fieldsOf(flags),
    subprotocols: flags.subprotocol,
    origin: flags.origin,
    redirects: flags.redirects,
    relaxed: flags.relax,
    ...reachingOptions(flags),
  }
}

/** What of it is about the way to the server. @throws Error, for a file that cannot be read. */
export function reachingOptions(flags: ReachingFlags): Pick<ConnectOptions, 'handshakeTimeout' | 'proxy' | 'tls'> {
  return {
    handshakeTimeout: flags.timeout,
    proxy: flags.proxy === true ? undefined : flags.proxy,
    tls: tlsOptions(flags),
  }
}

/** Cookies travel in one field, whatever their number (RFC 6265 §5.4). */
export function fieldsOf({
  header = [],
  cookie = [],
  bearer,
}: ConnectionFlags): (readonly [name: string, value: string])[] {
  const fields = [...header]
  if (cookie.length > 0) fields.push(['Cookie', cookie.map(([name, value]) => `${name}=${value}`).join('; ')])
  if (bearer !== undefined) fields.push(['Authorization', `Bearer ${bearer}`])
  return fields
}

function tlsOptions({ insecure, ca, cert, key }: ReachingFlags): ConnectOptions['tls'] {
  return {
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
    ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
  }
}
