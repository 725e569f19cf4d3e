import { median, spread } from '../measure/statistics.ts'
import type { MemoryRow, Result, Round, TimeRow } from '../measure/result.ts'

/** The median CPU time of a row in microseconds per message: the one figure that goals are about. */
export function cpuOf(row: TimeRow): number {
  return median(row.rounds.map((round) => round.cpu))
}

export const timeColumns: readonly string[] = [
  'peer',
  'CPU µs',
  'spread',
  'x ws',
  'x ws before',
  'per second',
  'p50 µs',
  'p99 µs',
  'p99.9 µs',
  'ratio',
  'busy',
  'load busy',
  'load µs',
]

/** One line for each peer of a mode. `x ws` says how many of theirs cost as much as one of ws in the same run. */
export function timeCells(rows: readonly TimeRow[], before: Result | undefined): string[][] {
  return rows.map((row) => {
    const of = (pick: (round: Round) => number | undefined): string => {
      const values = row.rounds.map(pick).filter((value) => value !== undefined)
      return values.length === 0 ? '' : significant(median(values))
    }
    return [
      row.peer,
      significant(cpuOf(row)),
      `±${percent(spread(row.rounds.map((round) => round.cpu)) / 2)}`,
      timesWs(rows, row),
      timesWs(before?.time.filter(({ mode }) => mode === row.mode) ?? [], row),
      Math.round(median(row.rounds.map((round) => round.perSecond))).toLocaleString('en'),
      of((round) => round.latency?.p50),
      of((round) => round.latency?.p99),
      of((round) => round.latency?.p999),
      of((round) => round.ratio),
      percent(median(row.rounds.map((round) => round.subjectBusy))),
      percent(median(row.rounds.map((round) => round.loadBusy))),
      of((round) => round.loadCpu),
    ]
  })
}

export const memoryColumns: readonly string[] = ['peer', 'up to', 'bytes each', 'of ws', 'of ws before']

/** One line for each peer and number of connections. */
export function memoryCells(rows: readonly MemoryRow[], before: Result | undefined): string[][] {
  return rows.map((row) => [
    row.peer,
    row.connections.toLocaleString('en'),
    Math.round(row.bytes).toLocaleString('en'),
    shareOfWs(rows, row),
    shareOfWs(before?.memory.filter(({ mode }) => mode === row.mode) ?? [], row),
  ])
}

function timesWs(rows: readonly TimeRow[], { peer }: TimeRow): string {
  const ws = rows.find((row) => row.peer === 'ws')
  const own = rows.find((row) => row.peer === peer)
  return ws && own ? `${significant(cpuOf(ws) / cpuOf(own))}x` : ''
}

function shareOfWs(rows: readonly MemoryRow[], { peer, connections }: MemoryRow): string {
  const at = (name: string): MemoryRow | undefined =>
    rows.find((row) => row.peer === name && row.connections === connections)
  const ws = at('ws')
  const own = at(peer)
  return ws && own ? significant(own.bytes / ws.bytes) : ''
}

/** Three digits that mean something, and no more. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const digits = value === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(value)))
  return value.toFixed(Math.min(4, Math.max(0, digits)))
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
