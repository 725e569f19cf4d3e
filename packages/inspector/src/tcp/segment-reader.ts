import type { Segment } from '../wire/segment.ts'
import type { Direction } from '../wire/tape.ts'
import { SendingSide } from './sending-side.ts'
import type { Placement } from './sending-side.ts'
import type { Endpoint, TcpPacket } from './tcp-packet.ts'

const nanosecondsPerMillisecond = 1e6

/** A segment, and where its payload belongs in the stream of its direction. */
export interface PlacedSegment {
  readonly segment: Segment
  /** Undefined when it cannot belong to this connection. */
  readonly placement: Placement | undefined
}

/** Turns the packets of one connection into segments, as they come. */
export class SegmentReader {
  readonly #client: Endpoint
  readonly #startNs: bigint
  readonly sides: Readonly<Record<Direction, SendingSide>>

  /**
   * @param startNs The time that counts as 0.
   * @param bases The sequence numbers of the first bytes, where they are known beforehand.
   */
  constructor(client: Endpoint, startNs: bigint, bases: Readonly<Partial<Record<Direction, number>>> = {}) {
    this.#client = client
    this.#startNs = startNs
    this.sides = { sent: new SendingSide(bases.sent), received: new SendingSide(bases.received) }
  }

  receive(packet: TcpPacket): PlacedSegment {
    const { header, payloadLength } = packet
    const direction = sameEndpoint(packet.source, this.#client) ? 'sent' : 'received'
    const placement = this.sides[direction].place(packet)
    if (header.flags.includes('ACK')) {
      this.sides[direction === 'sent' ? 'received' : 'sent'].acknowledge(header.acknowledgement)
    }
    const segment: Segment = {
      direction,
      atMs: Number(packet.timeNs - this.#startNs) / nanosecondsPerMillisecond,
      inferred: false,
      flags: header.flags,
      sequence: header.sequence,
      acknowledgement: header.acknowledgement,
      window: header.window,
      payloadBytes: payloadLength,
      note: placement?.note,
      bytes: packet.bytes,
    }
    return { segment, placement }
  }
}

export function sameEndpoint(first: Endpoint, second: Endpoint): boolean {
  return first.port === second.port && first.address === second.address
}
