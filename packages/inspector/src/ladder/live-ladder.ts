import type { WireObserver } from 'centouno'
import type { ReportChange, StageRecord, Verdict } from 'centouno/telling'
import { inferredSegments } from '../tcp/inferred-segments.ts'
import type { Rung } from '../wire/rung.ts'
import type { Segment, SegmentFlag } from '../wire/segment.ts'
import type { Direction } from '../wire/tape.ts'
import { LadderBuilder } from './ladder-builder.ts'

/**
 * The ladder of a connection that this process makes. It is given to `connect` as its wire observer, and told the
 * changes of the report besides. No program sees TCP's segments without a capture: those of the handshake and of the end
 * are inferred from what the system told, and say so.
 */
export class LiveLadder implements WireObserver {
  readonly #builder: LadderBuilder
  /** TCP's own, which wait until it is known who answered: the server, or a proxy. */
  #waiting: Segment[] = []
  #connect: StageRecord | undefined
  #inferred = 0
  #ended = 0

  constructor(tell: (rung: Rung) => void) {
    this.#builder = new LadderBuilder(tell)
  }

  /** A step of the report. */
  change(change: ReportChange): void {
    if (change.kind === 'stage') this.#stage(change.stage)
    if (change.kind !== 'verdict' || change.verdict.ok) return
    // How it failed may tell what answered the SYN.
    this.#infer(change.verdict)
    this.#tellWaiting('server')
  }

  connected(): void {
    this.#ended = 0
  }

  bytes(direction: Direction, bytes: Uint8Array, atMs: number): void {
    this.#tellWaiting('server')
    this.#builder.piece({ direction, bytes, atMs })
  }

  ended(direction: Direction, atMs: number): void {
    this.#tellWaiting('server')
    this.#builder.segment(segmentOf(direction, atMs, 'ACK', 'FIN'))
    this.#ended += 1
    // The first FIN was confirmed with the second; this one is confirmed by itself.
    if (this.#ended === 2) this.#builder.segment(segmentOf(direction === 'sent' ? 'received' : 'sent', atMs, 'ACK'))
  }

  failed(error: Error, atMs: number): void {
    this.#tellWaiting('server')
    if ('code' in error && error.code === 'ECONNRESET') this.#builder.segment(segmentOf('received', atMs, 'RST'))
  }

  closed(atMs: number): void {
    this.#builder.end(atMs)
  }

  keyLog(line: string): void {
    this.#builder.keyLog(line)
  }

  #stage(stage: StageRecord): void {
    const { name, endMs } = stage
    if (name === 'connect') {
      // Each attempt, as a redirect makes it, begins with a connection of its own.
      if (endMs === null) this.#inferred = 0
      this.#connect = stage
      this.#infer(undecided)
    } else if (name === 'proxy' || name === 'secure' || name === 'upgrade') {
      this.#tellWaiting(name === 'proxy' ? 'proxy' : 'server')
    }
  }

  #infer(verdict: Verdict): void {
    if (this.#connect === undefined) return
    const segments = inferredSegments({ stages: [this.#connect], verdict })
    this.#waiting.push(...segments.slice(this.#inferred))
    this.#inferred = segments.length
  }

  #tellWaiting(peer: 'server' | 'proxy'): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    this.#builder.tcpPeer = peer
    for (const segment of waiting) this.#builder.segment(segment)
  }
}

/** Stands in while the attempt goes on. */
const undecided: Verdict = { ok: true, stage: 'connect', code: '', sentence: '', hint: '', details: {} }

function segmentOf(direction: Direction, atMs: number, ...flags: readonly SegmentFlag[]): Segment {
  return {
    direction,
    atMs,
    inferred: true,
    flags,
    sequence: undefined,
    acknowledgement: undefined,
    window: undefined,
    payloadBytes: 0,
    note: undefined,
    bytes: new Uint8Array(0),
  }
}
