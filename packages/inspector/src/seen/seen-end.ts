import type { CloseFrame, ClosingCause, FirstFin } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import type { ToldClosing } from '../telling/dialogue-goodbye.ts'
import type { Segment } from '../wire/segment.ts'
import type { Direction } from '../wire/tape.ts'

/** What ended TCP, as its segments tell. */
export interface SeenTcpEnd {
  readonly firstFin: FirstFin
  /** When each side said FIN, and when one of them reset it. */
  readonly finAtMs: Readonly<Partial<Record<Direction, number>>>
  readonly reset: { readonly by: Direction; readonly atMs: number } | undefined
  /** True when nothing more can come. */
  readonly over: boolean
  /** When the last of it was seen. */
  readonly atMs: number
}

export function seenTcpEnd(segments: readonly Segment[]): SeenTcpEnd {
  const finAtMs: Partial<Record<Direction, number>> = {}
  let reset: SeenTcpEnd['reset']
  for (const { flags, direction, atMs } of segments) {
    if (flags.includes('FIN')) finAtMs[direction] ??= atMs
    // After both have said goodbye, it only refuses what comes late.
    const late = finAtMs.sent !== undefined && finAtMs.received !== undefined
    if (flags.includes('RST') && !late) reset ??= { by: direction, atMs }
  }
  const { sent, received } = finAtMs
  const firstFin = sent === undefined && received === undefined ? 'none' : earlier(received, sent) ? 'remote' : 'local'
  return {
    firstFin,
    finAtMs,
    reset,
    over: reset !== undefined || (sent !== undefined && received !== undefined),
    atMs: reset?.atMs ?? segments.reduce((last, { atMs }) => Math.max(last, atMs), 0),
  }
}

// RFC 6455 §7.1.5: a Close without a code, and none at all.
const noCode = 1005
const noClose = 1006

/** How an open connection ended; undefined while it had not, as far as was seen. */
export function seenClosing(messages: readonly LogEntry[], end: SeenTcpEnd): ToldClosing | undefined {
  const closes = messages.filter(({ kind }) => kind === 'close')
  const sent = frameOf(closes, 'sent')
  const received = frameOf(closes, 'received')
  const both = sent !== undefined && received !== undefined
  if (!both && !end.over) return undefined
  const firstClose = closes[0]?.direction
  const cause = both ? 'closing-handshake' : causeOf(end, sent !== undefined, received !== undefined)
  const remote = firstClose === undefined ? cause === 'peer-fin' || cause === 'peer-reset' : firstClose === 'received'
  return {
    code: received?.code ?? noClose,
    reason: received?.reason ?? '',
    clean: both,
    cause,
    initiator: remote ? 'remote' : 'local',
    sent,
    received,
    violation: undefined,
  }
}

function causeOf({ reset, firstFin }: SeenTcpEnd, sent: boolean, received: boolean): ClosingCause {
  if (reset?.by === 'received') return 'peer-reset'
  if (firstFin === 'remote' && !received) return 'peer-fin'
  return sent && !received ? 'close-timeout' : 'local-abort'
}

function frameOf(closes: readonly LogEntry[], direction: Direction): CloseFrame | undefined {
  const close = closes.find((entry) => entry.direction === direction)
  return close && { code: close.code ?? noCode, reason: close.data }
}

function earlier(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && (other === undefined || one <= other)
}
