import type { Segment } from '../wire/segment.ts'
import type { Direction, TapePiece } from '../wire/tape.ts'
import { ByteStream } from './byte-stream.ts'
import type { TapeGap } from './byte-stream.ts'
import { findClient } from './client-side.ts'
import type { ClientEvidence } from './client-side.ts'
import type { ConnectionPackets } from './connection-packets.ts'
import { SegmentReader } from './segment-reader.ts'
import type { Endpoint } from './tcp-packet.ts'

/** One TCP connection of a capture. */
export interface CapturedConnection {
  readonly client: Endpoint
  readonly server: Endpoint
  /** By what it was seen which of them is the client. */
  readonly evidence: ClientEvidence
  /** The time of the first packet, ISO 8601: the times of segments and tape count from there. */
  readonly startedAt: string
  /** In the order in which they were captured. */
  readonly segments: readonly Segment[]
  /** What was said in both directions, in the order in which it could be read. */
  readonly tape: readonly TapePiece[]
  /** What is missing from the tape. */
  readonly gaps: readonly TapeGap[]
  /** How it ended: FIN from both, from one alone, RST, or not within the capture. */
  readonly end: 'both-finished' | 'one-finished' | 'reset' | 'none'
  /** Segments that said something else about bytes that had come before. */
  readonly differing: number
}

const nanosecondsPerMillisecond = 1_000_000n
const directions: readonly Direction[] = ['sent', 'received']

/** Tells a connection from its packets: segments, and the streams of both directions. */
export function readConnection(gathered: ConnectionPackets): CapturedConnection | undefined {
  const { packets } = gathered
  const found = findClient(packets)
  if (found === undefined) return undefined
  const startNs = packets.reduce((least, { timeNs }) => (timeNs < least ? timeNs : least), packets[0]?.timeNs ?? 0n)
  const reader = new SegmentReader(found.client, startNs, basesOf(gathered, found.client, found.server))
  const streams = { sent: new ByteStream(), received: new ByteStream() }
  const segments: Segment[] = []
  const beginnings: Record<Direction, Map<number, number>> = { sent: new Map(), received: new Map() }
  for (const packet of packets) {
    const { segment, placement } = reader.receive(packet)
    segments.push(segment)
    // The bytes of a RST explain it, and are not of the stream (RFC 9293 §3.5.2 and 3.10.7.4); nor does a keep-alive add any.
    const silent = segment.flags.includes('RST') || segment.note === 'keep-alive'
    if (placement === undefined || silent || packet.payload.length === 0) continue
    streams[segment.direction].add(placement.offset, segment.atMs, packet.payload)
    const begun = beginnings[segment.direction]
    if (!begun.has(placement.offset)) begun.set(placement.offset, segments.length - 1)
  }
  const tape: TapePiece[] = []
  const gaps: TapeGap[] = []
  for (const direction of directions) {
    const read = streams[direction].tape(direction, reader.sides[direction].length)
    tape.push(...read.pieces)
    gaps.push(...read.gaps)
    noteGaps(read.gaps, beginnings[direction], segments)
  }
  return {
    client: found.client,
    server: found.server,
    evidence: found.evidence,
    startedAt: isoTime(startNs),
    segments,
    // The sort is stable: what has the same time keeps its order within a direction.
    tape: tape.sort((first, second) => first.atMs - second.atMs),
    gaps: gaps.sort((first, second) => first.atMs - second.atMs),
    end: endOf(segments, reader),
    differing: streams.sent.differing + streams.received.differing,
  }
}

/** Marks the segments before which bytes are missing. */
function noteGaps(gaps: readonly TapeGap[], beginnings: ReadonlyMap<number, number>, segments: Segment[]): void {
  let missing = 0
  for (const gap of gaps) {
    missing += gap.bytes
    const index = beginnings.get(gap.afterBytes + missing)
    const segment = index === undefined ? undefined : segments[index]
    if (index !== undefined && segment !== undefined) segments[index] = { ...segment, note: 'gap' }
  }
}

function basesOf(gathered: ConnectionPackets, client: Endpoint, server: Endpoint): Partial<Record<Direction, number>> {
  const sent = gathered.baseOf(client)
  const received = gathered.baseOf(server)
  return { ...(sent === undefined ? {} : { sent }), ...(received === undefined ? {} : { received }) }
}

function endOf(segments: readonly Segment[], reader: SegmentReader): CapturedConnection['end'] {
  const finished = directions.filter((direction) => reader.sides[direction].finAt !== undefined)
  if (finished.length === 2) return 'both-finished'
  if (segments.some(({ flags }) => flags.includes('RST'))) return 'reset'
  return finished.length === 1 ? 'one-finished' : 'none'
}

// The range of Date, which garbage may leave.
const lastTimeMs = 8_640_000_000_000_000n

function isoTime(timeNs: bigint): string {
  const timeMs = timeNs / nanosecondsPerMillisecond
  return new Date(timeMs >= -lastTimeMs && timeMs <= lastTimeMs ? Number(timeMs) : 0).toISOString()
}
