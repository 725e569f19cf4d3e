import type { Closing, ConnectionReport, StageRecord } from 'centouno/telling'
import type { Segment, SegmentFlag } from '../wire/segment.ts'
import type { Direction } from '../wire/tape.ts'

/** What is known of a connection without its packets: the stages it walked through, and how it ended. */
export interface WatchedConnection extends Pick<ConnectionReport, 'stages' | 'verdict'> {
  /** Left out while it is open, and when it never was. */
  readonly closing?: Pick<Closing, 'cause'> | undefined
}

/**
 * The segments that must have crossed, as the socket's events let one infer: SYN, SYN-ACK and ACK at the beginning, FIN or
 * RST at the end. Each is labelled as inferred and has no numbers. Over a Unix socket there are none.
 */
export function inferredSegments(watched: WatchedConnection): Segment[] {
  const connect = watched.stages.find(({ name }) => name === 'connect')
  if (connect === undefined || connect.facts['path'] !== undefined) return []
  return [...opening(connect, watched), ...ending(watched)]
}

function opening(connect: StageRecord, { verdict }: WatchedConnection): Segment[] {
  const queued = connect.facts['queuedMs']
  const startMs = connect.startMs + (typeof queued === 'number' ? queued : 0)
  const { endMs, ok } = connect
  // Its turn never came: nothing was sent.
  if (ok === false && verdict.code === 'CONNECT_QUEUED') return []
  const segments = [inferred('sent', startMs, 'SYN')]
  if (endMs === null) return segments
  if (ok === true) segments.push(inferred('received', endMs, 'SYN', 'ACK'), inferred('sent', endMs, 'ACK'))
  const refused = verdict.code === 'CONNECT_REFUSED' || verdict.code === 'CONNECT_RESET'
  if (ok === false && refused) segments.push(inferred('received', endMs, 'ACK', 'RST'))
  return segments
}

function ending(watched: WatchedConnection): Segment[] {
  const disconnect = watched.stages.find(({ name }) => name === 'disconnect')
  if (disconnect !== undefined)
    return disconnect.endMs === null ? [] : disconnection(disconnect, disconnect.endMs, watched)
  return failure(watched)
}

/** How an open connection ended. */
function disconnection({ facts, startMs }: StageRecord, endMs: number, { closing }: WatchedConnection): Segment[] {
  if (closing?.cause === 'peer-reset') return [inferred('received', endMs, 'RST')]
  switch (facts['firstFin']) {
    case 'remote':
      return goodbye('received', startMs, endMs)
    case 'local':
      return goodbye('sent', startMs, endMs)
    default:
      // It was given up: the system says FIN or RST, and does not tell which.
      return []
  }
}

/** How an attempt ended that failed after TCP was established. */
function failure({ stages, verdict }: WatchedConnection): Segment[] {
  const failed = stages.find(({ ok }) => ok === false)
  if (failed === undefined || failed.name === 'connect' || failed.endMs === null) return []
  const { endMs } = failed
  if (verdict.code.endsWith('_RESET')) return [inferred('received', endMs, 'RST')]
  if (verdict.code.endsWith('_ENDED')) return goodbye('received', endMs, endMs)
  return []
}

/** FIN from both sides, each confirmed. */
function goodbye(first: Direction, startMs: number, endMs: number): Segment[] {
  const second = first === 'sent' ? 'received' : 'sent'
  return [
    inferred(first, startMs, 'ACK', 'FIN'),
    inferred(second, startMs, 'ACK'),
    inferred(second, endMs, 'ACK', 'FIN'),
    inferred(first, endMs, 'ACK'),
  ]
}

function inferred(direction: Direction, atMs: number, ...flags: readonly SegmentFlag[]): Segment {
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
