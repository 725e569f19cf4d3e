import net from 'node:net'
import tls from 'node:tls'
import { refuseFault } from '../protocol/handshake/judge-request.ts'
import type { Refusal } from '../protocol/handshake/judgement.ts'
import { refusalOf } from '../report/refusal.ts'
import { acceptSharedReading, remoteAddressOf } from '../transport/shared-reading.ts'
import { takeErrors } from '../transport/stream-ends.ts'
import { readRequest } from './read-request.ts'
import { upgrade } from './upgrade.ts'
import { unread, type UpgradeService } from './upgrade-service.ts'

// Half-open: a client that ends its side early must still be able to get its reply.
const streamOptions = { allowHalfOpen: true, noDelay: true }

/**
 * A server of Node's that hands what connects to the service.
 *
 * @param handshakeTimeout Milliseconds from accepting a connection to the end of its request's head.
 */
export function acceptConnections(service: UpgradeService, handshakeTimeout: number): net.Server {
  const server = net.createServer(streamOptions, (stream) => {
    // Before the first byte: from here on no failure of the stream can become an uncaught exception.
    takeErrors(stream)
    const remoteAddress = remoteAddressOf(stream)
    if (!service.admit(stream, remoteAddress)) return
    receive(service, { stream, secure: false, remoteAddress }, handshakeTimeout)
  })
  server.on('listening', () => acceptSharedReading(server))
  return server
}

/** A client whose request may come. */
interface Client {
  readonly stream: net.Socket
  readonly secure: boolean
  readonly remoteAddress: string | undefined
}

/** A connection whose TLS handshake is under way. */
interface Securing {
  readonly raw: net.Socket
  readonly acceptedAt: number
  /** Why it is kept out; it can be told only once there is TLS to tell it through. */
  readonly refusal: Refusal | undefined
}

/** The same over TLS, whose time counts too. */
export function acceptSecureConnections(
  service: UpgradeService,
  options: tls.TlsOptions,
  handshakeTimeout: number,
): tls.Server {
  const securing = new SecuringConnections()
  const server = tls.createServer({ ALPNProtocols: ['http/1.1'], ...options, ...streamOptions, handshakeTimeout })
  server.on('connection', (raw: net.Socket) => {
    raw.on('error', ignore)
    const refusal = service.keptOut(raw, raw.remoteAddress)
    // Counted as a refused client that has not gone yet, so that a flood of them does not cost a TLS handshake each.
    if (refusal && service.admission.linger(raw) === 'cut') {
      service.cut({ stream: raw, head: unread, remoteAddress: raw.remoteAddress }, refusal, [])
      return
    }
    securing.add({ raw, acceptedAt: performance.now(), refusal })
  })
  server.on('secureConnection', (stream) => {
    takeErrors(stream)
    const { remoteAddress } = stream
    const known = securing.of(stream)
    if (!known) {
      // It is gone, and so is what was known of it.
      stream.destroy()
      return
    }
    service.admission.handOver(known.raw, stream)
    if (known.refusal) {
      service.refuse({ stream, head: unread, remoteAddress }, known.refusal, [])
      return
    }
    const timeLeft = Math.max(1, handshakeTimeout - (performance.now() - known.acceptedAt))
    receive(service, { stream, secure: true, remoteAddress }, timeLeft)
  })
  server.on('tlsClientError', (error: TlsClientError, stream) => {
    const known = securing.of(stream)
    if (known) tellUnsecured(service, known, error)
    // Node leaves it to the listener to drop a handshake that takes too long.
    stream.destroy()
  })
  return server
}

/** What OpenSSL says in its errors, and Node in its own. */
type TlsClientError = Error & { readonly code?: string; readonly reason?: string }

/** Tells of a client that did not get through TLS, and answers the one that can read an answer. */
function tellUnsecured(service: UpgradeService, { raw, refusal }: Securing, error: TlsClientError): void {
  const arrival = { stream: raw, head: unread, remoteAddress: raw.remoteAddress }
  if (error.code === 'ERR_SSL_HTTP_REQUEST' && refusal === undefined) {
    // OpenSSL sends no alert to what it takes for HTTP, and what it stands on takes plain text until the end of this turn.
    service.refuse(arrival, refusalOf('SERVER_TLS_EXPECTED'), [])
  } else if (error.code !== 'ECONNRESET') {
    service.tellRefused(arrival, refusal ?? unsecured(error), [], false)
  }
}

function unsecured({ code, reason, message }: TlsClientError): Refusal {
  // The same as for a request that does not come: the time is for both.
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return refuseFault({ rule: 'H-SRV-25', found: '' })
  return refusalOf('SERVER_TLS_FAILED', { details: { reason: reason ?? message } })
}

/** The connections whose TLS handshake is under way, found by what becomes of them. */
class SecuringConnections {
  readonly #byRaw = new Map<net.Socket, Securing>()
  readonly #byPeer = new Map<string, Securing>()

  add(securing: Securing): void {
    const { raw } = securing
    const peer = peerName(raw)
    this.#byRaw.set(raw, securing)
    this.#byPeer.set(peer, securing)
    raw.once('close', () => {
      this.#byRaw.delete(raw)
      if (this.#byPeer.get(peer) === securing) this.#byPeer.delete(peer)
    })
  }

  /**
   * Node tells which of the connections it accepted has become a secure one by a name that it does not document. Without
   * it the address tells, but for those over a Unix socket, which have none.
   */
  of(stream: tls.TLSSocket & { readonly _parent?: net.Socket | null }): Securing | undefined {
    return (stream._parent && this.#byRaw.get(stream._parent)) ?? this.#byPeer.get(peerName(stream))
  }
}

function peerName(stream: net.Socket): string {
  return `${stream.remoteAddress} ${stream.remotePort}`
}

function receive(service: UpgradeService, client: Client, timeLeft: number): void {
  const { stream, secure, remoteAddress } = client
  const stopReading = readRequest(stream, service.limits, timeLeft, (reading) => {
    if (reading.kind === 'gone') {
      stream.destroy()
    } else if (reading.kind === 'fault') {
      service.refuse({ stream, head: reading.head, remoteAddress }, refuseFault(reading.fault), [])
    } else if (reading.kind === 'proxy-protocol') {
      service.refuse({ stream, head: reading.head, remoteAddress }, refusalOf('SERVER_PROXY_PROTOCOL'), [])
    } else {
      const { head, early } = reading
      void upgrade(service, { stream, secure, head, early, remoteAddress })
    }
  })
  service.admission.reads(stream, (refusal) =>
    service.refuse({ stream, head: stopReading(), remoteAddress }, refusal, []),
  )
}

function ignore(): void {}
