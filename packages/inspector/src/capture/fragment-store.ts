import type { IpPacket } from './ip-packet.ts'

/** IP's own limit of a packet. */
const packetBytesMax = 65_535
/** Packets that wait for their fragments at once; the oldest gives way. */
const waitingMax = 64
const fragmentsMax = 1024

interface Waiting {
  readonly pieces: Map<number, Uint8Array>
  /** Known when the last fragment has come. */
  length: number | undefined
  protocol: number | undefined
}

/**
 * Joins the fragments of IP packets (RFC 791 §3.2, RFC 8200 §4.5). A fragment that overlaps another makes the packet
 * unreadable, as RFC 5722 wants it: only attackers send those.
 */
export class FragmentStore {
  readonly #waiting = new Map<string, Waiting>()
  /** Fragments that never became a packet. */
  lost = 0

  /** Takes a fragment, and gives the whole packet when it was the last that was missing. */
  add(packet: IpPacket, fragment: NonNullable<IpPacket['fragment']>): IpPacket | undefined {
    const key = `${packet.source} ${packet.destination} ${fragment.id}`
    const waiting = this.#waiting.get(key) ?? this.#begin(key)
    const { offset, more } = fragment
    const end = offset + packet.payload.length
    // A fragment of which only the beginning was captured leaves a hole that nothing fills.
    if (packet.payload.length < packet.payloadLength || end > packetBytesMax || waiting.pieces.size >= fragmentsMax) {
      this.lost++
      return undefined
    }
    waiting.pieces.set(offset, packet.payload)
    if (!more) waiting.length = end
    if (offset === 0) waiting.protocol = packet.protocol
    const payload = whole(waiting)
    if (payload === undefined) return undefined
    this.#waiting.delete(key)
    return {
      ...packet,
      protocol: waiting.protocol ?? packet.protocol,
      payload,
      payloadLength: payload.length,
      fragment: undefined,
    }
  }

  /** No more will come: what still waits is lost. */
  end(): void {
    for (const key of this.#waiting.keys()) this.#lose(key)
  }

  #begin(key: string): Waiting {
    const [oldest] = this.#waiting.keys()
    if (oldest !== undefined && this.#waiting.size >= waitingMax) this.#lose(oldest)
    const waiting: Waiting = { pieces: new Map(), length: undefined, protocol: undefined }
    this.#waiting.set(key, waiting)
    return waiting
  }

  #lose(key: string): void {
    this.lost += this.#waiting.get(key)?.pieces.size ?? 0
    this.#waiting.delete(key)
  }
}

function whole({ pieces, length }: Waiting): Uint8Array | undefined {
  if (length === undefined) return undefined
  const payload = new Uint8Array(length)
  let at = 0
  for (const [offset, piece] of [...pieces].sort(([first], [second]) => first - second)) {
    if (offset !== at || offset + piece.length > length) return undefined
    payload.set(piece, offset)
    at += piece.length
  }
  return at === length ? payload : undefined
}
