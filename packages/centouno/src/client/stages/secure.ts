import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { StageWriter } from '../../report/recorder.ts'
import type { HostAndPort } from '../address.ts'
import type { Attempt } from '../attempt.ts'
import type { TlsOptions } from '../connect-options.ts'
import { checkCertificate, nameFor, openTls } from '../tls-session.ts'
import type { TlsSession } from '../tls-session.ts'
import { isSocket } from '../watched-stream.ts'

/** From a plain stream to an encrypted one, with the server's certificate verified (H-CON-08, H-CON-09). */
export function secureStream(
  attempt: Attempt,
  { host }: HostAndPort,
  plain: Duplex,
  options: TlsOptions,
): Promise<TLSSocket> {
  return attempt.walk('secure', async (stage) => {
    const servername = nameFor(host, options)
    if (servername !== '') stage.fact('servername', servername)
    // Bytes of TLS are those that go through the stream below; only a system socket counts them.
    const before = bytesThrough(plain)
    let session: TlsSession
    try {
      session = await openTls(attempt, plain, host, options)
    } finally {
      const after = bytesThrough(plain)
      if (before && after) stage.bytes(after.sent - before.sent, after.received - before.received)
    }
    noteAgreement(stage, session)
    checkCertificate(session, options)
    return session.stream
  })
}

function noteAgreement(stage: StageWriter, { stream, certificate, chain }: TlsSession): void {
  stage.fact('protocol', stream.getProtocol() ?? '')
  stage.fact('cipher', stream.getCipher().name)
  if (typeof stream.alpnProtocol === 'string') stage.fact('alpn', stream.alpnProtocol)
  for (const [name, value] of Object.entries(certificate)) stage.fact(name, value)
  if (chain.length > 0) stage.fact('chain', chain)
  stage.fact('authorized', stream.authorized)
  if (!stream.authorized) stage.fact('authorizationError', String(stream.authorizationError))
}

function bytesThrough(stream: Duplex): { sent: number; received: number } | undefined {
  return isSocket(stream) ? { sent: stream.bytesWritten, received: stream.bytesRead } : undefined
}
