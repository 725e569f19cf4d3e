import type { MemoryRow, Result, TimeRow } from '../measure/result.ts'
import type { Flat, Goal, MemoryMode, Mode } from '../modes/mode.ts'
import { cpuOf, percent, significant } from './cells.ts'

/** A goal beside what was measured. */
export interface Judged {
  readonly mode: string
  readonly goal: string
  readonly found: string
  readonly met: boolean
}

/** Cost may grow by so much from the least to the most, and still counts as flat. */
const flatWithin = 1.15
const own = 'centouno'

/** Every goal for which this run has the figures. */
export function judgeGoals(result: Result, modes: readonly Mode[], memoryModes: readonly MemoryMode[]): Judged[] {
  return [
    ...modes.flatMap((mode) => judgeTime(mode, result.time)),
    ...judgeFlat('connections', result.time, modes),
    ...judgeFlat('stream', result.time, modes),
    ...memoryModes.flatMap((mode) => judgeMemory(mode, result.memory)),
  ]
}

function judgeTime(mode: Mode, all: readonly TimeRow[]): Judged[] {
  const rows = all.filter((row) => row.mode === mode.name)
  const costOf = (peer: string): number | undefined => {
    const row = rows.find((candidate) => candidate.peer === peer)
    return row && cpuOf(row)
  }
  return mode.goals.flatMap((goal) => judgeShare(mode.name, goal, 'CPU', costOf))
}

function judgeMemory(mode: MemoryMode, all: readonly MemoryRow[]): Judged[] {
  const rows = all.filter((row) => row.mode === mode.name)
  const ours = rows.filter((row) => row.peer === own)
  if (ours.length === 0) return []
  const most = Math.max(...ours.map((row) => row.connections))
  // Goals are for many connections: the few bytes of a few connections drown in what else the process does.
  const step = ours.some((row) => row.connections === 10_000) ? 10_000 : most
  const bytesOf = (peer: string): number | undefined =>
    rows.find((row) => row.peer === peer && row.connections === step)?.bytes
  const judged = mode.goals.flatMap((goal) => judgeShare(mode.name, goal, 'bytes', bytesOf))
  if (mode.atMostBytes !== undefined) {
    const bytes = Math.max(...ours.map((row) => row.bytes))
    judged.push({
      mode: mode.name,
      goal: `at most ${mode.atMostBytes / 1024} KiB`,
      found: `${significant(bytes / 1024)} KiB`,
      met: bytes <= mode.atMostBytes,
    })
  }
  if (mode.flat && ours.length > 1) {
    judged.push(
      judgeGrowth(
        mode.name,
        'connections',
        ours.map((row) => row.bytes),
      ),
    )
  }
  return judged
}

function judgeShare(
  mode: string,
  { peer, atMost }: Goal,
  what: string,
  costOf: (peer: string) => number | undefined,
): Judged[] {
  const ours = costOf(own)
  const theirs = costOf(peer)
  if (ours === undefined || theirs === undefined) return []
  const share = ours / theirs
  // Many times less is easier to read than a small share.
  const told = (value: number): string =>
    atMost < 0.7 ? `${significant(1 / value)}x less` : `${significant(value)} of`
  const goal =
    atMost === 1 ? `no more ${what} than ${peer}` : `${told(atMost)} ${what} ${atMost < 0.7 ? 'than ' : ''}${peer}`
  return [{ mode, goal, found: told(share), met: share <= atMost }]
}

function judgeFlat(what: Flat, all: readonly TimeRow[], modes: readonly Mode[]): Judged[] {
  const names = new Set(modes.filter((mode) => mode.flat === what).map((mode) => mode.name))
  const costs = all.filter((row) => row.peer === own && names.has(row.mode)).map(cpuOf)
  return costs.length > 1 ? [judgeGrowth(`${what}-*`, what === 'stream' ? 'length' : what, costs)] : []
}

/** @param costs From the least of what grows to the most of it. */
function judgeGrowth(mode: string, what: string, costs: readonly number[]): Judged {
  const growth = Math.max(...costs) / (costs[0] ?? 1)
  return {
    mode,
    goal: `flat in ${what}, within ${percent(flatWithin - 1)}`,
    found: `at most ${percent(growth - 1)} more than the first`,
    met: growth <= flatWithin,
  }
}
