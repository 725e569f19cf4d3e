import { completeLimits, type ConnectionLimits, defaultConnectionLimits } from '../protocol/connection/limits.ts'
import { defaultFlowLimits, type FlowLimits } from '../socket/flow-limits.ts'
import { completeCompression, type CompressionInput } from '../socket/deflate/compression-options.ts'
import { acceptExtensions, offeredExtensions } from '../socket/deflate/negotiate.ts'
import { completeBudget, type OutgoingBudget } from '../socket/outgoing-budget.ts'
import { Socket } from '../socket/socket.ts'
import { streamFromFault } from '../socket/stream-from.ts'
import { type Cut, memoryPair, type MemoryTransport } from '../transport/memory-pair.ts'
import { chunkSizes, type ChunkSizes } from './chunk-sizes.ts'
import { VirtualClock } from './virtual-clock.ts'

/** What one socket of a pair is made with, as `connect` and `endpoint` take it. */
export interface PairSocketOptions {
  readonly limits?: Partial<ConnectionLimits>
  /** How much waits in each direction before reading pauses. */
  readonly flow?: Partial<FlowLimits>
  readonly outgoing?: Partial<OutgoingBudget>
  readonly streamFrom?: number
}

/** How two sockets are joined. What stands here for both may be given for each of them as well. */
export interface PairOptions extends PairSocketOptions {
  readonly client?: PairSocketOptions
  readonly server?: PairSocketOptions
  /** Default: none agreed. */
  readonly subprotocol?: string
  /** What both compress by, and agree on. Default: nothing is compressed. */
  readonly compression?: CompressionInput
  /** Milliseconds that bytes take, one way. Default 0: they arrive without the clock being advanced. */
  readonly latency?: number | { readonly toServer?: number; readonly toClient?: number }
  /** Where the network cuts what is sent. Default: nowhere. */
  readonly chunks?: ChunkSizes
  /** Bytes that the network takes before a sender has to wait. Default 16,384. */
  readonly mark?: number
}

/** One direction of the network between the two. */
export interface NetworkPath {
  /** Bytes that have arrived by it so far, framing included. */
  readonly bytes: number
  /** Lets nothing through until `release`, as if the receiver had stopped reading, or a cable were out. */
  hold(): void
  release(): void
  /**
   * Cuts the connection, both ways, as soon as so many bytes in all have arrived by this path: with FIN, or with a reset.
   */
  cutAfter(bytes: number, cut: Cut): void
}

/** Two connected sockets, and what is between them. */
export interface Pair {
  readonly client: Socket
  readonly server: Socket
  /** All timers of both sockets run on it, and the latency too. */
  readonly clock: VirtualClock
  readonly toServer: NetworkPath
  readonly toClient: NetworkPath
}

/**
 * Two open sockets that talk to each other in memory, the opening handshake behind them: the same engine as over TCP,
 * byte for byte, without a network, without waiting, and the same in every run.
 *
 * @throws TypeError for an option that cannot be kept
 */
export function pair(options: PairOptions = {}): Pair {
  const clock = new VirtualClock()
  const { latency = 0, chunks, mark, subprotocol = '' } = options
  const { toServer = 0, toClient = 0 } =
    typeof latency === 'number' ? { toServer: latency, toClient: latency } : latency
  const [clientEnd, serverEnd] = memoryPair({
    clock,
    latency: [toServer, toClient],
    ...(chunks !== undefined && { chunkBytes: chunkSizes(chunks) }),
    ...(mark !== undefined && { mark }),
  })
  const compressing = completeCompression(options.compression ?? false)
  if (typeof compressing === 'string') throw new TypeError(compressing)
  const { extensions, compression } = acceptExtensions(offeredExtensions(compressing), compressing)
  const shared = { subprotocol, extensions, compression, early: new Uint8Array(0), clock }
  return {
    client: new Socket({ ...shared, ...complete(options, options.client), role: 'client', transport: clientEnd }),
    server: new Socket({ ...shared, ...complete(options, options.server), role: 'server', transport: serverEnd }),
    clock,
    toServer: pathFrom(clientEnd),
    toClient: pathFrom(serverEnd),
  }
}

interface CompleteOptions {
  readonly limits: ConnectionLimits
  readonly flow: FlowLimits
  readonly outgoing: OutgoingBudget
  readonly streamFrom: number | undefined
}

function complete(both: PairSocketOptions, one: PairSocketOptions = {}): CompleteOptions {
  const limits = completeLimits(defaultConnectionLimits, { ...both.limits, ...one.limits })
  const flow = completeLimits(defaultFlowLimits, { ...both.flow, ...one.flow })
  const outgoing = completeBudget({ ...both.outgoing, ...one.outgoing })
  const streamFrom = one.streamFrom ?? both.streamFrom
  const fault = streamFromFault(streamFrom)
  if (typeof limits === 'string') throw new TypeError(limits)
  if (typeof flow === 'string') throw new TypeError(flow)
  if (typeof outgoing === 'string') throw new TypeError(outgoing)
  if (fault !== undefined) throw new TypeError(fault)
  return { limits, flow, outgoing, streamFrom }
}

function pathFrom(end: MemoryTransport): NetworkPath {
  return {
    get bytes(): number {
      return end.movedBytes
    },
    hold: () => end.hold(),
    release: () => end.release(),
    cutAfter: (bytes, cut) => end.cutAfter(bytes, cut),
  }
}
