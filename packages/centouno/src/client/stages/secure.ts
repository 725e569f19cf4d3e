import { isIP, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import type { WebSocketUri } from '../../protocol/handshake/websocket-uri.ts'
import type { CodeDetails } from '../../report/codes.ts'
import type { StageWriter } from '../../report/recorder.ts'
import type { Attempt } from '../attempt.ts'
import type { TlsOptions } from '../connect-options.ts'
import { StageFailure, wordsOf } from '../stage-failure.ts'
import { onEvents } from '../stream-events.ts'
import { certificateCode, secureFailure } from '../tls-failure-codes.ts'

/** From a plain stream to an encrypted one, with the server's certificate verified (H-CON-08, H-CON-09). */
export function secureStream(
  attempt: Attempt,
  { host }: WebSocketUri,
  plain: Duplex,
  options: TlsOptions,
): Promise<TLSSocket> {
  return attempt.walk('secure', async (stage) => {
    const servername = options.servername ?? nameFor(host)
    if (servername !== '') stage.fact('servername', servername)
    const stream = begin(plain, host, servername, options)
    attempt.own(stream)
    try {
      await handshake(attempt, stream)
    } finally {
      countBytes(stage, plain)
    }
    const certificate = certificateDetails(stream.getPeerCertificate())
    noteAgreement(stage, stream, certificate)
    if (!stream.authorized && options.rejectUnauthorized !== false) throw untrusted(stream, certificate)
    return stream
  })
}

/** The name for SNI: none for an IP literal, and without the dot of the DNS root (H-CON-10, RFC 6066 §3). */
function nameFor(host: string): string {
  if (isIP(host) !== 0) return ''
  return host.endsWith('.') ? host.slice(0, -1) : host
}

function begin(plain: Duplex, host: string, servername: string, options: TlsOptions): TLSSocket {
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

function handshake(attempt: Attempt, stream: TLSSocket): Promise<void> {
  return attempt.wait((resolve, reject) =>
    onEvents(stream, {
      secureConnect: () => resolve(),
      error: (error) => reject(secureFailure(error)),
      close: () => reject(new StageFailure('SECURE_ENDED')),
    }),
  )
}

function untrusted(stream: TLSSocket, certificate: CodeDetails): StageFailure {
  // Node's types call it an Error; it is the code as a string, or the message where there is no code.
  const found: unknown = stream.authorizationError
  const reason = found instanceof Error ? wordsOf(found) : String(found ?? 'no certificate was shown')
  const cause = Object.assign(new Error(`The certificate was not accepted: ${reason}`), { code: reason })
  return new StageFailure(certificateCode(reason), { ...certificate, reason }, cause)
}

function noteAgreement(stage: StageWriter, stream: TLSSocket, certificate: CodeDetails): void {
  stage.fact('protocol', stream.getProtocol() ?? '')
  stage.fact('cipher', stream.getCipher().name)
  if (typeof stream.alpnProtocol === 'string') stage.fact('alpn', stream.alpnProtocol)
  for (const [name, value] of Object.entries(certificate)) stage.fact(name, value)
  stage.fact('authorized', stream.authorized)
  if (!stream.authorized) stage.fact('authorizationError', String(stream.authorizationError))
}

/** What a certificate says of itself; empty when the server showed none. */
function certificateDetails(certificate: PeerCertificate): Record<string, string> {
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

// Bytes of TLS are those that went through the stream below; only a system socket counts them.
function countBytes(stage: StageWriter, plain: Duplex): void {
  if (plain instanceof Socket) stage.bytes(plain.bytesWritten, plain.bytesRead)
}
