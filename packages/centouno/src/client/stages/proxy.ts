import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { fieldValues } from '../../protocol/http/field-lookup.ts'
import { quote } from '../../protocol/http/quote.ts'
import type { StageWriter } from '../../report/recorder.ts'
import { plainWords } from '../../report/reply-code.ts'
import { formatAddress } from '../address.ts'
import type { HostAndPort } from '../address.ts'
import type { Attempt } from '../attempt.ts'
import { connectRequest } from '../proxy/connect-request.ts'
import type { ProxyServer } from '../proxy/proxy-server.ts'
import { Socks5Handshake } from '../proxy/socks5.ts'
import { exchange } from '../reply-exchange.ts'
import { isTunnel, ReplyReader } from '../reply-reader.ts'
import { StageFailure, wordsOf } from '../stage-failure.ts'
import { onEvents } from '../stream-events.ts'
import { checkCertificate, openTls } from '../tls-session.ts'
import type { WatchedStream } from '../watched-stream.ts'

const authenticationRequired = 407

/** From a connection to the proxy to one through it (H-CON-04): what the server is sent comes after. */
export function openTunnel(
  attempt: Attempt,
  proxy: ProxyServer,
  server: HostAndPort,
  plain: Socket | WatchedStream,
): Promise<Duplex> {
  return attempt.walk('proxy', async (stage) => {
    const target = formatAddress(server.host, server.port)
    attempt.known = { ...attempt.known, target }
    stage.fact('proxy', proxy.name)
    stage.fact('target', target)
    stage.fact('authentication', proxy.credentials === undefined ? 'none' : 'user name and password')
    let stream: Duplex = plain
    try {
      if (proxy.protocol === 'https') stream = await secureProxy(attempt, proxy, plain)
      const rest =
        proxy.protocol === 'socks5'
          ? await askSocks(attempt, stream, new Socks5Handshake({ ...server, credentials: proxy.credentials }))
          : await askHttp(attempt, stage, stream, connectRequest(target, proxy))
      // What came behind the proxy's reply is the server's.
      if (rest.length > 0) stream.unshift(rest)
      return stream
    } finally {
      stage.bytes(plain.bytesWritten, plain.bytesRead)
    }
  })
}

async function secureProxy(attempt: Attempt, { host, tls }: ProxyServer, plain: Duplex): Promise<Duplex> {
  try {
    const session = await openTls(attempt, plain, host, tls)
    checkCertificate(session, tls)
    return session.stream
  } catch (error) {
    throw tlsFailure(error)
  }
}

/** Asks an HTTP proxy; returns the bytes behind its reply. */
async function askHttp(attempt: Attempt, stage: StageWriter, stream: Duplex, request: Uint8Array): Promise<Uint8Array> {
  try {
    const { head, body, early } = await exchange(attempt, stream, request, new ReplyReader(isTunnel))
    const { status, reason, fields } = head
    stage.fact('status', status)
    if (isTunnel(status)) return early
    const told = { status, reason: quote(reason), says: plainWords({ head, body }) }
    if (status !== authenticationRequired) throw new StageFailure('PROXY_REFUSED', told)
    const challenge = quote(fieldValues(fields, 'proxy-authenticate').join(', '))
    throw new StageFailure('PROXY_AUTH_REQUIRED', { ...told, challenge })
  } catch (error) {
    throw proxyFailure(error)
  }
}

/** What the exchange with a server is told by, and what it is with a proxy. */
const proxyCodes: ReadonlyMap<string, string> = new Map([
  ['UPGRADE_ENDED', 'PROXY_ENDED'],
  ['UPGRADE_RESET', 'PROXY_RESET'],
  ['UPGRADE_BROKEN', 'PROXY_RESET'],
  ['UPGRADE_GARBAGE', 'PROXY_GARBAGE'],
  ['UPGRADE_TLS_EXPECTED', 'PROXY_GARBAGE'],
  ['UPGRADE_HTTP2_ONLY', 'PROXY_GARBAGE'],
])

function proxyFailure(error: unknown): unknown {
  if (!(error instanceof StageFailure)) return error
  const { code, details, cause } = error
  const own = proxyCodes.get(code)
  if (own !== undefined) return new StageFailure(own, details, cause)
  if (code === 'UPGRADE_HEAD_TOO_LARGE') {
    return new StageFailure('PROXY_GARBAGE', { received: 'a head larger than this client accepts' })
  }
  if (code === 'UPGRADE_ENDLESS_INTERIM') {
    return new StageFailure('PROXY_GARBAGE', { received: 'interim responses (1xx) without end' })
  }
  return tlsFailure(error)
}

// The code of what went wrong with TLS is the shortest way to say it; the cause has the words.
function tlsFailure(error: unknown): unknown {
  if (!(error instanceof StageFailure) || !error.code.startsWith('SECURE_')) return error
  const words = error.details['reason'] ?? ''
  return new StageFailure('PROXY_TLS', { reason: words === '' ? error.code : `${error.code}, ${words}` }, error.cause)
}

/** Asks a SOCKS proxy; returns the bytes behind its reply. */
async function askSocks(attempt: Attempt, stream: Duplex, socks: Socks5Handshake): Promise<Uint8Array> {
  try {
    return await attempt.wait<Uint8Array>((resolve, reject) => {
      const ended = (): void => reject(new StageFailure('PROXY_ENDED', { received: socks.received }))
      const removeListeners = onEvents(stream, {
        data(chunk) {
          try {
            const step = socks.receive(chunk)
            if (step.kind === 'send') stream.write(step.bytes)
            else if (step.kind === 'tunnel') resolve(step.rest)
          } catch (error) {
            reject(
              error instanceof StageFailure ? error : new StageFailure('UNEXPECTED', { reason: wordsOf(error) }, error),
            )
          }
        },
        end: ended,
        close: ended,
        error: (error) => reject(new StageFailure('PROXY_RESET', { reason: wordsOf(error) }, error)),
      })
      stream.write(socks.begin())
      return () => {
        stream.pause()
        removeListeners()
      }
    })
  } catch (error) {
    if (error instanceof StageFailure && error.code === 'PROXY_TIMEOUT') {
      throw new StageFailure(error.code, { ...error.details, received: socks.received })
    }
    throw error
  }
}
