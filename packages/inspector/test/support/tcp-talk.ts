import type { CapturedConnection } from '../../src/tcp/captured-connection.ts'
import type { Direction } from '../../src/wire/tape.ts'
import { ack, fin, ipv4Bytes, syn, tcpBytes } from './packet-writer.ts'
import type { TcpParts, WrittenPacket } from './packet-writer.ts'

/** A TCP connection between two addresses, written segment by segment as raw IPv4 packets one millisecond apart. */
export class TcpTalk {
  readonly packets: WrittenPacket[] = []
  readonly #ports: Readonly<Record<Direction, number>>
  readonly #next: Record<Direction, number>
  #timeNs = 1_700_000_000_000_000_000n

  constructor(firstSent = 1000, firstReceived = 5000, ports = { sent: 40_000, received: 80 }) {
    this.#next = { sent: firstSent, received: firstReceived }
    this.#ports = ports
  }

  /** Writes a segment; what is left out follows from what was written before, and nothing is counted on. */
  raw(direction: Direction, parts: Partial<TcpParts> = {}): this {
    const other = direction === 'sent' ? 'received' : 'sent'
    const [from, to] = direction === 'sent' ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.2', '192.0.2.1']
    const segment = tcpBytes({
      from,
      to,
      fromPort: this.#ports[direction],
      toPort: this.#ports[other],
      sequence: this.#next[direction],
      acknowledgement: this.#next[other],
      ...parts,
    })
    this.packets.push({ timeNs: (this.#timeNs += 1_000_000n), bytes: ipv4Bytes(from, to, segment) })
    return this
  }

  open(options?: Uint8Array): this {
    const withOptions = options === undefined ? {} : { options }
    this.raw('sent', { flags: syn, acknowledgement: 0, ...withOptions })
    this.skip('sent', 1)
    this.raw('received', { flags: syn | ack, ...withOptions })
    this.skip('received', 1)
    return this.raw('sent')
  }

  say(direction: Direction, text: string | Uint8Array): this {
    const payload = Buffer.from(text)
    this.raw(direction, { payload })
    return this.skip(direction, payload.length)
  }

  finish(direction: Direction): this {
    this.raw(direction, { flags: fin | ack })
    return this.skip(direction, 1)
  }

  /** As if so much of the sequence had been used, without a segment that was captured. */
  skip(direction: Direction, numbers: number): this {
    this.#next[direction] = (this.#next[direction] + numbers) >>> 0
    return this
  }
}

/** What one direction said, as text. */
export function said({ tape }: Pick<CapturedConnection, 'tape'>, direction: Direction): string {
  return Buffer.concat(tape.filter((piece) => piece.direction === direction).map(({ bytes }) => bytes)).toString(
    'latin1',
  )
}
