import { Socket, type SocketOptions } from '../socket/socket.ts'
import type { UpgradeRequest } from './upgrade-request.ts'

/** What a server's socket has besides a socket's own options. */
export interface ServerSocketOptions<Params, Data> extends Omit<SocketOptions, 'role'> {
  readonly request: UpgradeRequest<Params>
  readonly data: Data
}

/** A socket of a server: what it was opened with stays at hand. */
export class ServerSocket<Params = Readonly<Record<string, string>>, Data = unknown> extends Socket {
  readonly request: UpgradeRequest<Params>
  /** What the endpoint's `authorize` returned; undefined when it has none. */
  readonly data: Data

  constructor(options: ServerSocketOptions<Params, Data>) {
    super({ ...options, role: 'server' })
    this.request = options.request
    this.data = options.data
  }

  /** What the endpoint's path pattern captured, decoded. */
  get params(): Params {
    return this.request.params
  }
}
