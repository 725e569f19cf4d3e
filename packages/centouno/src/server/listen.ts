import net from 'node:net'
import type tls from 'node:tls'
import { longestDelay } from '../transport/clock.ts'
import { shownValue } from '../protocol/shown-value.ts'
import { acceptConnections, acceptSecureConnections } from './accept-connections.ts'
import { checkListen } from './check-options.ts'
import type { DrainOptions, DrainSummary } from './drain.ts'
import type { Endpoint } from './endpoint.ts'
import { ListenError, ServerInputError } from './server-errors.ts'
import { defaultHandshakeTimeout } from './server-limits.ts'
import type { ServerSocket } from './server-socket.ts'
import type { ServerStats } from './server-stats.ts'
import type { ServiceOptions } from './service-options.ts'
import { UpgradeService } from './upgrade-service.ts'

/** Where and how `listen` listens. */
export interface ListenOptions extends ServiceOptions {
  /** 0 for any free one: `server.port` tells which. Needed unless there is a path. */
  readonly port?: number
  /**
   * A Unix socket, or named pipe of Windows, to listen on instead. The file must not be there yet, and goes when the server
   * closes. Clients have no address then.
   */
  readonly path?: string
  /** Default as Node's: every address of the machine, IPv6 and IPv4. Pass `127.0.0.1` to be reachable from here only. */
  readonly host?: string
  /** Certificate and key, and whatever else `tls.createServer` takes: then the server speaks `wss`. */
  readonly tls?: tls.TlsOptions
  /** Milliseconds from accepting a connection until the whole request must be there, TLS included. Default 10,000. */
  readonly handshakeTimeout?: number
}

/** A listening WebSocket server. */
export interface Server extends AsyncDisposable {
  /** 0 for a Unix socket. */
  readonly port: number
  /**
   * The server's URL without a path, `ws://127.0.0.1:8080`; `localhost` stands for "every address". For a Unix socket
   * `ws+unix:/run/chat.sock:`, to be followed by a path as well. With TLS it begins with `wss`.
   */
  readonly url: string
  /** The open sockets of all endpoints. */
  readonly sockets: ReadonlySet<ServerSocket>
  /** Counters since it began, and what it holds now. */
  stats(): ServerStats
  /**
   * Goes in good order. Handshakes that are not decided yet, and those that come while it lasts, get 503 with `Retry-After`
   * (`SERVER_DRAINING`): the port stays open to say so. Sockets are closed one after another, each when what was queued for
   * it has gone out; their handlers finish. What is left at the deadline is cut off. Resolves when the port is free.
   *
   * Another call, to this or to `close`, can only make it quicker; its code counts for nothing.
   *
   * @throws ServerInputError (`DRAIN`) at once, for times or a code that cannot be.
   */
  drain(options?: DrainOptions): Promise<DrainSummary>
  /**
   * The same at once: stops listening, closes every socket with 1001, and resolves when all are gone and their handlers are
   * done; bounded by `closeTimeout`, twice.
   */
  close(): Promise<void>
}

/**
 * Serves endpoints on a port of its own. Resolves once it listens.
 *
 * @throws ListenError when the address cannot be bound, ServerInputError when an option or an endpoint cannot work.
 */
export async function listen(where: number | ListenOptions, ...endpoints: readonly Endpoint[]): Promise<Server> {
  const options: ListenOptions = typeof where === 'number' ? { port: where } : where
  checkListen(options)
  const service = new UpgradeService(options, endpoints)
  const handshakeTimeout = Math.min(options.handshakeTimeout ?? defaultHandshakeTimeout, longestDelay)
  if (!(handshakeTimeout > 0)) throw new ServerInputError('LIMIT', 'handshakeTimeout must be a number above zero.')
  const address = addressOf(options)
  const acceptor =
    options.tls === undefined
      ? acceptConnections(service, handshakeTimeout)
      : secureAcceptor(service, options.tls, handshakeTimeout)
  await bind(acceptor, address)
  return new ListeningServer(acceptor, service, options)
}

/** Where a server may have its certificate from. */
const certificateSources = ['cert', 'pfx', 'SNICallback', 'secureContext', 'pskCallback']

function secureAcceptor(service: UpgradeService, options: tls.TlsOptions, handshakeTimeout: number): net.Server {
  if (!certificateSources.some((name) => name in options)) {
    throw new ServerInputError(
      'TLS',
      'The options for TLS have no certificate: give `cert` and `key`, `pfx`, or an `SNICallback`.',
    )
  }
  try {
    return acceptSecureConnections(service, options, handshakeTimeout)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new ServerInputError('TLS', `Node cannot use the options for TLS: ${words}`, { cause: error })
  }
}

const highestPort = 0xffff

function addressOf({ port, host, path }: ListenOptions): net.ListenOptions {
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= highestPort)) {
    throw new ServerInputError(
      'LISTEN',
      `The port cannot be ${shownValue(port)}. Give a number from 0 to ${highestPort}; 0 is any free one.`,
    )
  }
  if (path === undefined) {
    if (port !== undefined) return host === undefined ? { port } : { port, host }
    throw new ServerInputError('LISTEN', 'There is neither a port nor a path to listen on. Give one of them.')
  }
  if (port === undefined && host === undefined) return { path }
  throw new ServerInputError('LISTEN', 'A path goes without port and host. Leave them out.')
}

async function bind(acceptor: net.Server, address: net.ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const { path, host = '*', port } = address
    const failed = (error: Error): void => reject(new ListenError(path ?? `${host}:${port}`, error))
    acceptor.once('error', failed)
    acceptor.listen(address, () => {
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
  #released: Promise<void> | undefined

  constructor(acceptor: net.Server, service: UpgradeService, options: ListenOptions) {
    const address = acceptor.address()
    this.port = typeof address === 'object' && address !== null ? address.port : 0
    const scheme = options.tls ? 'wss' : 'ws'
    this.url =
      options.path === undefined
        ? `${scheme}://${hostName(options.host)}:${this.port}`
        : `${scheme}+unix:${encodeURI(options.path).replaceAll(':', '%3A')}:`
    this.sockets = service.sockets
    this.#acceptor = acceptor
    this.#service = service
  }

  stats(): ServerStats {
    return this.#service.stats
  }

  drain(options: DrainOptions = {}): Promise<DrainSummary> {
    return this.#gone(this.#service.drain(options))
  }

  async close(): Promise<void> {
    this.#release()
    await this.#gone(this.#service.close())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #gone<Value>(drained: Promise<Value>): Promise<Value> {
    const value = await drained
    const released = this.#release()
    // Those that came in the last moment hold the port, which nobody waits for any more.
    this.#service.admission.cutOff()
    await released
    return value
  }

  #release(): Promise<void> {
    this.#released ??= new Promise((resolve) => {
      this.#acceptor.close(() => resolve())
    })
    return this.#released
  }
}

function hostName(host: string | undefined): string {
  if (host === undefined || host === '::' || host === '0.0.0.0') return 'localhost'
  return net.isIPv6(host) ? `[${host}]` : host
}

function ignore(): void {}
