import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import type { DetailedPeerCertificate, PeerCertificate, TLSSocket } from 'node:tls'
import { decodeLatin1 } from '../protocol/encoding/latin1.ts'
import type { Attempt } from './attempt.ts'
import type { TlsOptions } from './connect-options.ts'
import { StageFailure, wordsOf } from './stage-failure.ts'
import { onEvents } from './stream-events.ts'
import { certificateCode, secureFailure } from './tls-failure-codes.ts'

/** A TLS handshake that was completed; whether the certificate is accepted has still to be looked at. */
export interface TlsSession {
  readonly stream: TLSSocket
  /** What the server's certificate says of itself; empty when it showed none. */
  readonly certificate: Readonly<Record<string, string>>
  /** The names on the certificates it sent, its own first, each issued by the next. */
  readonly chain: readonly string[]
}

/** The name for SNI: none for an IP literal, and without the dot of the DNS root (H-CON-10, RFC 6066 §3). */
export function nameFor(host: string, options: TlsOptions): string {
  if (options.servername !== undefined) return options.servername
  if (isIP(host) !== 0) return ''
  return host.endsWith('.') ? host.slice(0, -1) : host
}

/** Makes the TLS handshake over a stream. The attempt owns the new stream. */
export async function openTls(attempt: Attempt, plain: Duplex, host: string, options: TlsOptions): Promise<TlsSession> {
  const stream = begin(plain, host, options)
  attempt.own(stream)
  const { wire } = attempt
  // Only with a listener does Node ask OpenSSL for the keys.
  if (wire !== undefined) stream.on('keylog', (line) => wire.keyLog(decodeLatin1(line).trimEnd()))
  await attempt.wait<void>((resolve, reject) =>
    onEvents(stream, {
      secureConnect: () => resolve(),
      error: (error) => reject(handshakeFailure(error, stream)),
      close: () => reject(new StageFailure('SECURE_ENDED')),
    }),
  )
  const own = stream.getPeerCertificate(true)
  return { stream, certificate: certificateDetails(own), chain: chainOf(own).map(({ subject }) => nameOf(subject)) }
}

/** @throws StageFailure when the server's certificate was not verified, unless the options let it through (H-CON-09). */
export function checkCertificate({ stream, certificate }: TlsSession, options: TlsOptions): void {
  if (stream.authorized || options.rejectUnauthorized === false) return
  // Node's types call it an Error; it is the code as a string, or the message where there is no code.
  const found: unknown = stream.authorizationError
  const reason = found instanceof Error ? wordsOf(found) : String(found ?? 'no certificate was shown')
  const cause = Object.assign(new Error(`The certificate was not accepted: ${reason}`), { code: reason })
  const code = certificateCode(reason)
  const details = { ...certificate, ...(code === 'SECURE_CHAIN_INCOMPLETE' ? missingIssuer(stream) : {}), reason }
  throw new StageFailure(code, details, cause)
}

/** Whose certificate is missing from the chain: the issuer of the last one that was sent. */
function missingIssuer(stream: TLSSocket): { issuer?: string } {
  const issuer = nameOf(chainOf(stream.getPeerCertificate(true)).at(-1)?.issuer)
  return issuer === '' ? {} : { issuer }
}

// Servers send two or three; each is held by the next, and one that signed itself by itself.
const longestChain = 16

function chainOf(own: DetailedPeerCertificate): readonly PeerCertificate[] {
  const chain: PeerCertificate[] = []
  // Typed as always there, but a session without a certificate, and the last of a chain, have none.
  let next: DetailedPeerCertificate | undefined = Object.keys(own).length === 0 ? undefined : own
  while (next !== undefined && chain.length < longestChain && !chain.includes(next)) {
    chain.push(next)
    next = next.issuerCertificate
  }
  return chain
}

function begin(plain: Duplex, host: string, options: TlsOptions): TLSSocket {
  const servername = nameFor(host, options)
  const check = options.checkServerIdentity
  try {
    return connect({
      ...options,
      socket: plain,
      // For the check of the certificate's names when there is no SNI.
      host,
      ...(servername === '' ? {} : { servername }),
      ALPNProtocols: ['http/1.1'],
      ...(check === undefined ? {} : { checkServerIdentity: guarded(check) }),
      // We look at `authorized` ourselves: a stream that Node destroys has no certificate to tell about any more.
      rejectUnauthorized: false,
    })
  } catch (error) {
    throw new StageFailure('SECURE_OPTIONS', { reason: wordsOf(error) }, error)
  }
}

type NameCheck = NonNullable<TlsOptions['checkServerIdentity']>

// Node calls it from an event, where what it throws would end the process.
function guarded(check: NameCheck): NameCheck {
  return (name, certificate) => {
    try {
      return check(name, certificate)
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }
}

/**
 * In TLS 1.2 a server that misses a client certificate sends the same alert, handshake_failure, as one that finds no
 * cipher in common (RFC 5246 §7.4.6). When it comes after the server's own certificate, a cipher had been agreed upon.
 */
function handshakeFailure(error: Error, stream: TLSSocket): StageFailure {
  const failure = secureFailure(error)
  const agreed = failure.code === 'SECURE_NO_SHARED_CIPHER' && Object.keys(stream.getPeerCertificate()).length > 0
  return agreed ? new StageFailure('SECURE_CLIENT_CERTIFICATE', failure.details, error) : failure
}

function certificateDetails(certificate: PeerCertificate): Readonly<Record<string, string>> {
  const { subject, issuer, valid_from: validFrom, valid_to: validTo, subjectaltname: names } = certificate
  return Object.fromEntries(
    Object.entries({
      subject: nameOf(subject),
      issuer: nameOf(issuer),
      names: names ?? '',
      validFrom: isoDate(validFrom),
      validTo: isoDate(validTo),
    }).filter(([, value]) => value !== ''),
  )
}

// Typed as always there, but a session without a certificate has none of it.
function nameOf(name: PeerCertificate['subject'] | undefined): string {
  const found: unknown = name?.CN ?? name?.O ?? name?.OU
  return Array.isArray(found) ? found.join(', ') : typeof found === 'string' ? found : ''
}

function isoDate(text: string | undefined): string {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? (text ?? '') : new Date(time).toISOString()
}
