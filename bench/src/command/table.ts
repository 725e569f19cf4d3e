import { median, spread } from '../measure/statistics.ts'
import type { Row } from '../measure/result.ts'

/** The columns of a mode's table, one line per peer. */
export const columns: readonly string[] = [
  'peer',
  'CPU µs',
  'spread',
  'x ws',
  'per second',
  'p50 µs',
  'p99 µs',
  'busy',
  'load busy',
]

/** One line per row, in cells. The ratio says how many of ours could be paid with one of ws. */
export function cells(rows: readonly Row[]): string[][] {
  const ws = rows.find((row) => row.peer === 'ws')
  return rows.map((row) => {
    const { rounds } = row
    const of = (pick: (round: Row['rounds'][number]) => number): number => median(rounds.map(pick))
    const cpu = of((round) => round.cpu)
    const timed = rounds.every((round) => round.latency)
    return [
      row.peer,
      significant(cpu),
      `±${percent(spread(rounds.map((round) => round.cpu)) / 2)}`,
      ws ? `${significant(median(ws.rounds.map((round) => round.cpu)) / cpu)}x` : '',
      Math.round(of((round) => round.perSecond)).toLocaleString('en'),
      timed ? significant(of((round) => round.latency?.p50 ?? 0)) : '',
      timed ? significant(of((round) => round.latency?.p99 ?? 0)) : '',
      percent(of((round) => round.subjectBusy)),
      percent(of((round) => round.loadBusy)),
    ]
  })
}

/** Cells in columns for a terminal: the first to the left, numbers to the right. */
export function alignTable(header: readonly string[], lines: readonly (readonly string[])[]): string {
  const all = [header, ...lines]
  const widths = header.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)))
  const align = (line: readonly string[]): string =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return all.map(align).join('\n')
}

/** Three digits that mean something, and no more. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 4))
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
