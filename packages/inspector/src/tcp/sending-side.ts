import type { SegmentNote } from '../wire/segment.ts'
import { Coverage } from './coverage.ts'
import { advanced, distance } from './sequence.ts'
import type { TcpPacket } from './tcp-packet.ts'

/** Where a segment belongs in its direction's stream. */
export interface Placement {
  /** The place of its first payload byte, counted from 0 after the SYN. */
  readonly offset: number
  readonly note: SegmentNote | undefined
}

// RFC 7323 §2.3: no window is larger, so that nothing further away can belong to the connection.
const windowMax = 2 ** 30

/** One side's use of the sequence numbers: what it has sent, which of it more than once, and what was acknowledged. */
export class SendingSide {
  /** The sequence number of the first byte after the SYN; undefined until a segment was seen. */
  #base: number | undefined
  readonly #seen = new Coverage()
  /** The end of all that was seen, SYN and FIN counted; undefined before anything was. */
  #highest: number | undefined
  #acknowledged = -Infinity
  /** Where the stream ends, once the FIN was seen. */
  finAt: number | undefined

  constructor(base: number | undefined) {
    this.#base = base
  }

  /** Bytes of the stream that are known to exist. */
  get length(): number {
    return this.finAt ?? Math.max(0, this.#highest ?? 0)
  }

  /**
   * Places a segment of this side.
   *
   * @returns Undefined when it lies so far away that it cannot belong to this connection.
   */
  place(packet: TcpPacket): Placement | undefined {
    const { header, payloadLength } = packet
    const syn = header.flags.includes('SYN')
    const fin = header.flags.includes('FIN')
    const first = this.#offsetOf(syn ? advanced(header.sequence, 1) : header.sequence)
    if (Math.abs(first - (this.#highest ?? 0)) > windowMax) return undefined
    // The SYN takes the number before the first byte, the FIN the one after the last (RFC 9293 §3.4).
    const start = syn ? first - 1 : first
    const end = first + payloadLength + (fin ? 1 : 0)
    if (header.flags.includes('RST')) return { offset: first, note: undefined }
    const before = this.#highest ?? start
    const fresh = this.#seen.add(start, end)
    this.#highest = Math.max(before, end)
    if (fin) this.finAt ??= end - 1
    return { offset: first, note: this.#noteOf({ start, end, before, fresh, bare: !syn && !fin }) }
  }

  /** The other side has acknowledged everything before this number. */
  acknowledge(number: number): void {
    if (this.#base === undefined) return
    const offset = this.#offsetOf(number)
    if (Math.abs(offset - (this.#highest ?? 0)) <= windowMax) this.#acknowledged = Math.max(this.#acknowledged, offset)
  }

  #noteOf({ start, end, before, fresh, bare }: Sent): SegmentNote | undefined {
    // RFC 9293 §3.8.4: the number before the next, with no byte or one of no meaning.
    const probing = bare && start === before - 1 && (end === start || (end === before && this.#acknowledged >= before))
    if (probing && fresh === 0 && before > 0) return 'keep-alive'
    if (end === start || start >= before) return undefined
    return fresh > 0 && end <= before ? 'out-of-order' : 'retransmission'
  }

  /** The place nearest to what was seen last that has this sequence number. */
  #offsetOf(sequence: number): number {
    this.#base ??= sequence
    const near = this.#highest ?? 0
    return near + distance(advanced(this.#base, near), sequence)
  }
}

interface Sent {
  readonly start: number
  readonly end: number
  /** The end of all that was seen before. */
  readonly before: number
  /** How much of it was not seen before. */
  readonly fresh: number
  /** Neither SYN nor FIN. */
  readonly bare: boolean
}
