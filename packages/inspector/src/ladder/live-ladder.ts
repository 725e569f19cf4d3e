import type { WireObserver } from 'centouno'
import type { ReportChange, StageRecord } from 'centouno/telling'
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
  /** When the connection was asked for: the SYN. */
  #askedMs: number | undefined
  /** When it was there; told once it is known who answered. */
  #connectedMs: number | undefined
  /** When it was refused. */
  #refusedMs = 0

  constructor(tell: (rung: Rung) => void) {
    this.#builder = new LadderBuilder(tell)
  }

  /** A step of the report. */
  change(change: ReportChange): void {
    if (change.kind === 'stage') this.#stage(change.stage)
    else if (change.kind === 'verdict' && change.verdict.code === 'CONNECT_REFUSED') this.#refused()
  }

  connected(_ends: unknown, atMs: number): void {
    this.#connectedMs = atMs
  }

  bytes(direction: Direction, bytes: Uint8Array, atMs: number): void {
    this.#greet('server')
    this.#builder.piece({ direction, bytes, atMs })
  }

  ended(direction: Direction, atMs: number): void {
    this.#greet('server')
    this.#infer(direction, ['FIN', 'ACK'], atMs)
  }

  failed(error: Error, atMs: number): void {
    this.#greet('server')
    if ('code' in error && error.code === 'ECONNRESET') this.#infer('received', ['RST'], atMs)
  }

  closed(atMs: number): void {
    this.#builder.end(atMs)
  }

  keyLog(line: string): void {
    this.#builder.keyLog(line)
  }

  #stage({ name, startMs, endMs, ok }: StageRecord): void {
    if (name === 'connect' && endMs === null) this.#askedMs = startMs
    if (name === 'connect' && ok === false && endMs !== null) this.#refusedMs = endMs
    if (name === 'proxy' && endMs === null) this.#greet('proxy')
    if (name === 'secure' || name === 'upgrade') this.#greet('server')
  }

  #refused(): void {
    if (this.#askedMs === undefined) return
    this.#infer('sent', ['SYN'], this.#askedMs)
    this.#infer('received', ['RST', 'ACK'], this.#refusedMs)
  }

  /** TCP's three segments (RFC 9293 §3.5), once. */
  #greet(peer: 'server' | 'proxy'): void {
    const atMs = this.#connectedMs
    if (atMs === undefined) return
    this.#connectedMs = undefined
    this.#builder.tcpPeer = peer
    this.#infer('sent', ['SYN'], this.#askedMs ?? atMs)
    this.#infer('received', ['SYN', 'ACK'], atMs)
    this.#infer('sent', ['ACK'], atMs)
  }

  #infer(direction: Direction, flags: readonly SegmentFlag[], atMs: number): void {
    const segment: Segment = {
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
    this.#builder.segment(segment)
  }
}
