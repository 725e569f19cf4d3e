import { sameEndpoint } from '../tcp/segment-reader.ts'
import type { SegmentReader } from '../tcp/segment-reader.ts'
import { advanced, distance } from '../tcp/sequence.ts'
import type { Endpoint, TcpPacket } from '../tcp/tcp-packet.ts'
import type { Segment } from '../wire/segment.ts'
import type { Direction } from '../wire/tape.ts'

/** One connection of a live capture: its packets become segments until it has ended. */
export class FollowedConnection {
  readonly #client: Endpoint
  readonly #server: Endpoint
  readonly #reader: SegmentReader
  readonly #tell: (segment: Segment) => void
  /** True when it ended on the wire, false when the capture ended before. */
  readonly ended: Promise<boolean>
  #end: (onTheWire: boolean) => void = () => {}
  /** The number after each side's FIN. */
  readonly #finishedAt: Partial<Record<Direction, number>> = {}
  readonly #heard: Record<Direction, boolean> = { sent: false, received: false }

  constructor(client: Endpoint, server: Endpoint, reader: SegmentReader, tell: (segment: Segment) => void) {
    this.#client = client
    this.#server = server
    this.#reader = reader
    this.#tell = tell
    this.ended = new Promise((resolve) => (this.#end = resolve))
  }

  /** Takes a packet of this connection, and says whether it was one. */
  take(packet: TcpPacket): boolean {
    const { source, destination } = packet
    const sent = sameEndpoint(source, this.#client) && sameEndpoint(destination, this.#server)
    const received = sameEndpoint(source, this.#server) && sameEndpoint(destination, this.#client)
    if (!sent && !received) return false
    const { segment } = this.#reader.receive(packet)
    this.#tell(segment)
    this.#lookForEnd(segment)
    return true
  }

  /** Nothing more will be captured. */
  break(): void {
    this.#end(false)
  }

  #lookForEnd({ direction, flags, sequence = 0, acknowledgement = 0, payloadBytes }: Segment): void {
    if (flags.includes('FIN')) this.#finishedAt[direction] = advanced(sequence, payloadBytes + 1)
    const other = direction === 'sent' ? 'received' : 'sent'
    const finishedAt = this.#finishedAt[other]
    if (finishedAt !== undefined && flags.includes('ACK') && distance(finishedAt, acknowledgement) >= 0) {
      this.#heard[other] = true
    }
    if (flags.includes('RST') || (this.#heard.sent && this.#heard.received)) this.#end(true)
  }
}
