import net from 'node:net'
import tls from 'node:tls'
import { refuseFault } from '../protocol/handshake/judge-request.ts'
import type { Endpoint } from './endpoint.ts'
import { readRequest } from './read-request.ts'
import { ListenError, ServerInputError } from './server-errors.ts'
import { defaultHandshakeTimeout } from './server-limits.ts'
import type { ServerSocket } from './server-socket.ts'
import { upgrade } from './upgrade.ts'
import { type ServiceOptions, UpgradeService } from './upgrade-service.ts'

/** Where and how `listen` listens. */
export interface ListenOptions extends ServiceOptions {
  /** 0 for any free one: `server.port` tells which. */
  readonly port: number
  /** Default as Node's: every address of the machine, IPv6 and IPv4. Pass `127.0.0.1` to be reachable from here only. */
  readonly host?: string
  /** Certificate and key, and whatever else `tls.createServer` takes: then the server speaks `wss`. */
  readonly tls?: tls.TlsOptions
  /** Milliseconds from accepting a connection until the whole request must be there, TLS included. Default 10,000. */
  readonly handshakeTimeout?: number
}

/** A listening WebSocket server. */
export interface Server extends AsyncDisposable {
  readonly port: number
  /** The server's URL without a path, `ws://127.0.0.1:8080`; `localhost` stands for "every address". */
  readonly url: string
  /** The open sockets of all endpoints. */
  readonly sockets: ReadonlySet<ServerSocket>
  /** Stops listening, closes every socket with 1001 and resolves when all are gone; bounded by `closeTimeout`, twice. */
  close(): Promise<void>
}

/**
 * Serves endpoints on a port of its own. Resolves once it listens.
 *
 * @throws ListenError when the address cannot be bound, ServerInputError when an option or an endpoint cannot work.
 */
export async function listen(where: number | ListenOptions, ...endpoints: readonly Endpoint[]): Promise<Server> {
  const options: ListenOptions = typeof where === 'number' ? { port: where } : where
  const service = new UpgradeService(options, endpoints)
  const handshakeTimeout = options.handshakeTimeout ?? defaultHandshakeTimeout
  if (!(handshakeTimeout > 0)) throw new ServerInputError('LIMIT', 'handshakeTimeout must be a number above zero.')
  const acceptor = options.tls
    ? acceptSecure(service, options.tls, handshakeTimeout)
    : net.createServer(streamOptions, (stream) => accept(service, stream, false, handshakeTimeout))
  await bind(acceptor, options)
  return new ListeningServer(acceptor, service, options)
}

// Half-open: a client that ends its side early must still be able to get its reply.
const streamOptions = { allowHalfOpen: true, noDelay: true }

function accept(service: UpgradeService, stream: net.Socket, secure: boolean, timeLeft: number): void {
  // Before the first byte: from here on no failure of the stream can become an uncaught exception.
  stream.on('error', ignore)
  service.handshakes.add(stream)
  stream.once('close', () => service.handshakes.delete(stream))
  const { remoteAddress } = stream
  readRequest(stream, service.limits, timeLeft, (reading) => {
    if (reading.kind === 'gone') {
      stream.destroy()
    } else if (reading.kind === 'fault') {
      service.refuse({ stream, head: reading.head, remoteAddress }, refuseFault(reading.fault), [])
    } else {
      void upgrade(service, { stream, secure, head: reading.head, early: reading.early, remoteAddress })
    }
  })
}

/** TLS first; its time counts too, so that what is left of the handshake's time is known when it is done. */
function acceptSecure(service: UpgradeService, options: tls.TlsOptions, handshakeTimeout: number): tls.Server {
  const acceptedAt = new Map<string, number>()
  const server = tls.createServer({ ALPNProtocols: ['http/1.1'], ...options, ...streamOptions, handshakeTimeout })
  server.on('connection', (raw: net.Socket) => {
    const peer = peerName(raw)
    raw.on('error', ignore)
    acceptedAt.set(peer, performance.now())
    service.handshakes.add(raw)
    raw.once('close', () => {
      acceptedAt.delete(peer)
      service.handshakes.delete(raw)
    })
  })
  server.on('secureConnection', (stream) => {
    const elapsed = performance.now() - (acceptedAt.get(peerName(stream)) ?? performance.now())
    accept(service, stream, true, Math.max(1, handshakeTimeout - elapsed))
  })
  // There is nobody to answer. Node leaves it to the listener to drop a handshake that takes too long.
  server.on('tlsClientError', (_, stream) => stream.destroy())
  return server
}

function peerName(stream: net.Socket): string {
  return `${stream.remoteAddress} ${stream.remotePort}`
}

async function bind(acceptor: net.Server, { port, host }: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: Error): void => reject(new ListenError(`${host ?? '*'}:${port}`, error))
    acceptor.once('error', failed)
    acceptor.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      acceptor.off('error', failed)
      acceptor.on('error', ignore)
      resolve()
    })
  })
}

class ListeningServer implements Server {
  readonly port: number
  readonly url: string
  readonly sockets: ReadonlySet<ServerSocket>
  readonly #acceptor: net.Server
  readonly #service: UpgradeService
  #closed: Promise<void> | undefined

  constructor(acceptor: net.Server, service: UpgradeService, options: ListenOptions) {
    const address = acceptor.address()
    this.port = typeof address === 'object' && address !== null ? address.port : options.port
    this.url = `${options.tls ? 'wss' : 'ws'}://${hostName(options.host)}:${this.port}`
    this.sockets = service.sockets
    this.#acceptor = acceptor
    this.#service = service
  }

  close(): Promise<void> {
    this.#closed ??= this.#end()
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #end(): Promise<void> {
    const released = new Promise<void>((resolve) => this.#acceptor.close(() => resolve()))
    await this.#service.close()
    await released
  }
}

function hostName(host: string | undefined): string {
  if (host === undefined || host === '::' || host === '0.0.0.0') return 'localhost'
  return net.isIPv6(host) ? `[${host}]` : host
}

function ignore(): void {}
