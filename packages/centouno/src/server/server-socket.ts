import { Socket, type SocketOptions } from '../socket/socket.ts'
import type { AnyInputs, RequestInputs } from './parameters/declaration.ts'
import type { UpgradeRequest } from './upgrade-request.ts'

/** What a server's socket has besides a socket's own options. */
export interface ServerSocketOptions<Inputs extends RequestInputs, Data> extends Omit<SocketOptions, 'role'> {
  readonly request: UpgradeRequest<Inputs>
  readonly data: Data
}

/** A socket of a server: what it was opened with stays at hand. */
export class ServerSocket<Inputs extends RequestInputs = AnyInputs, Data = unknown> extends Socket {
  readonly request: UpgradeRequest<Inputs>
  /** What the endpoint's `authorize` returned; undefined when it has none. */
  readonly data: Data

  constructor(options: ServerSocketOptions<Inputs, Data>) {
    // In this order: V8 11.3 is slow with an object that was spread and then added to (see SharedReadingSocket).
    super({ role: 'server', ...options })
    this.request = options.request
    this.data = options.data
  }

  /** What the endpoint's path pattern captured, decoded, and converted where the endpoint declares it. */
  get params(): Inputs['params'] {
    return this.request.params
  }

  /** The query parameters that the endpoint declares; `socket.request` has the other places, and what is not declared. */
  get query(): Inputs['query'] {
    return this.request.query
  }
}
