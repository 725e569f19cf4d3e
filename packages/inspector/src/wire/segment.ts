import type { Direction } from './tape.ts'

/** One TCP segment: seen in a packet, or inferred from what the socket told. */
export interface Segment {
  readonly direction: Direction
  /** Milliseconds since the attempt began, or since the first packet. */
  readonly atMs: number
  /** True when no packet was seen: then numbers are undefined and `bytes` is empty. */
  readonly inferred: boolean
  /** In the order in which they are usually written: SYN, ACK, PSH, FIN, RST, URG, ECE, CWR. */
  readonly flags: readonly SegmentFlag[]
  readonly sequence: number | undefined
  readonly acknowledgement: number | undefined
  /** As it stands in the header: not scaled (RFC 7323 §2.3). */
  readonly window: number | undefined
  /** Bytes of payload. */
  readonly payloadBytes: number
  /** What happened to it on the way, where the capture shows it. */
  readonly note: SegmentNote | undefined
  /** The TCP header with its options (RFC 9293 §3.1), then the payload, as far as it was captured; empty when inferred. */
  readonly bytes: Uint8Array
}

export type SegmentFlag = 'SYN' | 'ACK' | 'PSH' | 'FIN' | 'RST' | 'URG' | 'ECE' | 'CWR'

export type SegmentNote = 'retransmission' | 'out-of-order' | 'keep-alive' | 'gap'
