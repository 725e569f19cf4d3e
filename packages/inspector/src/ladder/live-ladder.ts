import type { WireEnds, WireObserver } from 'centouno'
import type { ReportChange, StageRecord, Verdict } from 'centouno/telling'
import type { LiveCapture } from '../capture/live-capture.ts'
import { inferredSegments } from '../tcp/inferred-segments.ts'
import type { Rung } from '../wire/rung.ts'
import type { Segment, SegmentFlag } from '../wire/segment.ts'
import type { Direction } from '../wire/tape.ts'
import { LadderBuilder } from './ladder-builder.ts'
import type { LadderOptions } from './ladder-builder.ts'
import { endpointOf, SeenTcp } from './seen-tcp.ts'

/**
 * The ladder of a connection that this process makes. It is given to `connect` as its wire observer, and told the
 * changes of the report besides. No program sees TCP's segments without a capture: those of the handshake and of the end
 * are inferred from what the system told, and say so. With a capture they are those that were seen.
 */
export class LiveLadder implements WireObserver {
  readonly #builder: LadderBuilder
  /** TCP's own, which wait until it is known who answered: the server, or a proxy. */
  #waiting: Segment[] = []
  #connect: StageRecord | undefined
  #inferred = 0
  #ended = 0
  readonly #capture: LiveCapture | undefined
  /** The connection that was established and is not followed yet, and when its attempt began. */
  #unseen: { readonly ends: WireEnds; readonly startMs: number; readonly atMs: number } | undefined
  #seen: SeenTcp | undefined
  /** A connection that was not established, as the capture saw it. */
  #unanswered: Promise<void> | undefined

  /** @param capture One that had begun before the attempt did. Stop it when `told` has resolved. */
  constructor(tell: (rung: Rung) => void, capture?: LiveCapture, options: LadderOptions = {}) {
    this.#builder = new LadderBuilder(tell, options)
    this.#capture = capture
  }

  /** Resolves when all that was captured of the last connection is told; at once without a capture. */
  get told(): Promise<void> {
    return this.#unanswered ?? this.#seen?.told ?? Promise.resolve()
  }

  /** A step of the report. */
  change(change: ReportChange): void {
    if (change.kind === 'stage') this.#stage(change.stage)
    if (change.kind !== 'verdict' || change.verdict.ok) return
    // How it failed may tell what answered the SYN.
    this.#infer(change.verdict)
    const peer = change.verdict.code.startsWith('PROXY_') ? 'proxy' : 'server'
    const connect = this.#connect
    if (this.#capture === undefined || connect?.ok !== false) this.#tellWaiting(peer)
    else this.#unanswered = this.#tellUnanswered(this.#capture, connect, peer)
  }

  connected(ends: WireEnds, atMs: number): void {
    this.#ended = 0
    this.#unseen = { ends, startMs: performance.timeOrigin + performance.now() - atMs, atMs }
  }

  bytes(direction: Direction, bytes: Uint8Array, atMs: number): void {
    this.#tellWaiting('server')
    const reader = this.#seen ?? this.#builder
    reader.piece({ direction, bytes, atMs })
  }

  ended(direction: Direction, atMs: number): void {
    this.#tellWaiting('server')
    if (this.#seen !== undefined) return
    this.#builder.segment(segmentOf(direction, atMs, 'ACK', 'FIN'))
    this.#ended += 1
    // The first FIN was confirmed with the second; this one is confirmed by itself.
    if (this.#ended === 2) this.#builder.segment(segmentOf(direction === 'sent' ? 'received' : 'sent', atMs, 'ACK'))
  }

  failed(error: Error, atMs: number): void {
    this.#tellWaiting('server')
    if (this.#seen !== undefined) return
    if ('code' in error && error.code === 'ECONNRESET') this.#builder.segment(segmentOf('received', atMs, 'RST'))
  }

  /** This side breaks the connection off by RST. No wire observer is told: it is this side's own doing. */
  reset(atMs: number): void {
    this.#tellWaiting('server')
    if (this.#seen === undefined) this.#builder.segment(segmentOf('sent', atMs, 'RST'))
  }

  closed(atMs: number): void {
    const ending = this.#seen
    if (ending === undefined) this.#builder.end(atMs)
    else ending.closed(atMs)
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

  /** What was captured of attempts that were refused or not answered; what can be inferred, where there is nothing. */
  async #tellUnanswered(capture: LiveCapture, { facts, endMs }: StageRecord, peer: 'server' | 'proxy'): Promise<void> {
    const startMs = performance.timeOrigin + performance.now() - (endMs ?? 0)
    const { tried } = facts
    // `192.0.2.1:80 ECONNREFUSED`
    const servers = (Array.isArray(tried) ? tried : []).map((each: string) => endpointOf(each.split(' ')[0] ?? ''))
    this.#builder.tcpPeer = peer
    let lastMs: number | undefined
    for (const server of servers) {
      const client = await capture.firstClient(server)
      if (client === undefined) continue
      await capture.follow(client, server, startMs, (segment) => {
        lastMs = segment.atMs
        this.#builder.segment(segment)
      })
    }
    if (lastMs === undefined) this.#tellWaiting(peer)
    else this.#waiting = []
    this.#builder.end(lastMs ?? endMs ?? 0)
  }

  #infer(verdict: Verdict): void {
    if (this.#connect === undefined) return
    const segments = inferredSegments({ stages: [this.#connect], verdict })
    this.#waiting.push(...segments.slice(this.#inferred))
    this.#inferred = segments.length
  }

  #tellWaiting(peer: 'server' | 'proxy'): void {
    if (this.#capture !== undefined && this.#unseen !== undefined) {
      const { ends, startMs, atMs } = this.#unseen
      this.#unseen = undefined
      this.#seen?.leave(atMs)
      // The segments that were seen stand in for those that could only be inferred.
      this.#waiting = []
      this.#builder.tcpPeer = peer
      this.#seen = new SeenTcp(this.#builder, this.#capture, ends, startMs)
    }
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
