import { sameEndpoint } from './segment-reader.ts'
import { advanced, distance } from './sequence.ts'
import type { Endpoint, TcpPacket } from './tcp-packet.ts'

/** What is known of one sender of a connection while its packets are gathered. */
interface Sender {
  /** The sequence number of its SYN. */
  syn: number | undefined
  /** The lowest sequence number of a payload, and of anything. */
  lowestPayload: number | undefined
  lowest: number | undefined
  /** The first number it acknowledged to the other. */
  firstAcknowledgement: number | undefined
}

// Numbers further apart cannot be of one connection's beginning (RFC 7323 §2.3).
const nearby = 2 ** 30

/** The packets of one connection between two endpoints, gathered until the capture ends. */
export class ConnectionPackets {
  readonly packets: TcpPacket[] = []
  readonly #senders: readonly [Sender, Sender] = [newSender(), newSender()]

  /**
   * Says whether a packet between the same endpoints is of this connection. A SYN with another number begins the next one:
   * ports are used again.
   */
  holds({ header, source }: TcpPacket): boolean {
    if (!header.flags.includes('SYN')) return true
    const sender = this.#senderAt(source)
    if (sender.syn !== undefined) return sender.syn === header.sequence
    // The SYN of a connection of which later packets were captured first, or of one that was there before?
    const reference = sender.lowest ?? this.#otherThan(sender).firstAcknowledgement
    if (reference === undefined) return true
    const ahead = distance(header.sequence, reference)
    return ahead > 0 && ahead < nearby
  }

  add(packet: TcpPacket): void {
    const { header, payloadLength } = packet
    this.packets.push(packet)
    const sender = this.#senderAt(packet.source)
    if (header.flags.includes('SYN')) sender.syn ??= header.sequence
    if (header.flags.includes('RST')) return
    if (header.flags.includes('ACK')) sender.firstAcknowledgement ??= header.acknowledgement
    sender.lowest = lower(sender.lowest, header.sequence)
    // One byte alone may be the meaningless one of a keep-alive.
    if (payloadLength > 1) sender.lowestPayload = lower(sender.lowestPayload, header.sequence)
  }

  /** The sequence number of the first byte that an endpoint sent after its SYN, or after the capture began. */
  baseOf(endpoint: Endpoint): number | undefined {
    const { syn, lowestPayload, lowest } = this.#senderAt(endpoint)
    return syn === undefined ? (lowestPayload ?? lowest) : advanced(syn, 1)
  }

  #senderAt(endpoint: Endpoint): Sender {
    const [first] = this.packets
    return this.#senders[first === undefined || sameEndpoint(first.source, endpoint) ? 0 : 1]
  }

  #otherThan(sender: Sender): Sender {
    return this.#senders[this.#senders[0] === sender ? 1 : 0]
  }
}

function newSender(): Sender {
  return { syn: undefined, lowestPayload: undefined, lowest: undefined, firstAcknowledgement: undefined }
}

function lower(known: number | undefined, sequence: number): number {
  return known === undefined || distance(known, sequence) < 0 ? sequence : known
}
