import { defaultConnectionLimits, type ConnectionLimits } from '../../src/protocol/connection/limits.ts'
import { defaultFlowLimits, type FlowLimits } from '../../src/socket/flow-limits.ts'
import { Socket } from '../../src/socket/socket.ts'
import { memoryPair, type MemoryPairOptions, type MemoryTransport } from '../../src/transport/memory-pair.ts'

export interface SocketPair {
  readonly client: Socket
  readonly server: Socket
  readonly clientTransport: MemoryTransport
  readonly serverTransport: MemoryTransport
}

export interface PairOptions extends MemoryPairOptions {
  readonly limits?: Partial<ConnectionLimits>
  readonly flow?: Partial<FlowLimits>
}

/** Two sockets that talk to each other in memory. */
export function socketPair(options: PairOptions = {}): SocketPair {
  const [clientTransport, serverTransport] = memoryPair(options)
  const shared = {
    subprotocol: '',
    extensions: [],
    limits: { ...defaultConnectionLimits, ...options.limits },
    flow: { ...defaultFlowLimits, ...options.flow },
    early: new Uint8Array(0),
  }
  const client = new Socket({ ...shared, role: 'client', transport: clientTransport })
  const server = new Socket({ ...shared, role: 'server', transport: serverTransport })
  return { client, server, clientTransport, serverTransport }
}
