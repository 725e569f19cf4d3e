import type { Rung } from '../../src/wire/rung.ts'
import { loggedKind, nextFrame } from './frame-key.ts'
import type { FrameCounts, FrameKey } from './frame-key.ts'

/** The ladder of one connection, as far as it was told. */
export interface LadderView {
  readonly rungs: readonly Rung[]
  /** Rungs between the first and the newest that are no longer kept. */
  readonly omitted: number
  /** The frames of those, counted as the log counts them. */
  readonly omittedFrames: FrameCounts
}

/** Rungs that are kept: the first, which tell how the connection came to be, and the newest. */
export const ladderCap = { first: 500, newest: 19_500 } as const

/** Nothing was told yet. */
export const emptyLadder: LadderView = { rungs: [], omitted: 0, omittedFrames: {} }

/** The ladder with more rungs on it. */
export function climb(ladder: LadderView, more: readonly Rung[]): LadderView {
  const rungs = [...ladder.rungs, ...more]
  const excess = rungs.length - ladderCap.first - ladderCap.newest
  if (excess <= 0) return { ...ladder, rungs }
  const dropped = rungs.splice(ladderCap.first, excess)
  const omittedFrames = dropped.reduce((counts, rung) => keyAfter(counts, rung)?.[1] ?? counts, ladder.omittedFrames)
  return { rungs, omitted: ladder.omitted + excess, omittedFrames }
}

/** A ladder of more rungs is drawn no more often than so: to lay it out anew would leave no time for messages. */
const pace = { rungs: 1_000, leastMs: 200 } as const

/** Milliseconds there must be between two drawings of a connection's ladder; none when something else than rungs came. */
export function ladderPace(next: ClimbedConnection, drawn: ClimbedConnection): number {
  const onlyGrows = next.id === drawn.id && next.phase === drawn.phase
  return onlyGrows && next.ladder.rungs.length > pace.rungs ? pace.leastMs : 0
}

interface ClimbedConnection {
  readonly id: string
  readonly phase: string
  readonly ladder: LadderView
}

/** The rung of a line of the log; undefined when it has not been told, or is no longer kept. */
export function rungOfFrame(ladder: LadderView, frame: FrameKey): Rung | undefined {
  let counts: FrameCounts = {}
  for (const [index, rung] of ladder.rungs.entries()) {
    if (index === ladderCap.first) counts = added(counts, ladder.omittedFrames)
    const next = keyAfter(counts, rung)
    if (next === undefined) continue
    if (next[0] === frame) return rung
    counts = next[1]
  }
  return undefined
}

function keyAfter(counts: FrameCounts, rung: Rung): readonly [FrameKey, FrameCounts] | undefined {
  const kind = loggedKind(rung)
  return kind === undefined ? undefined : nextFrame(counts, rung.from === 'client' ? 'sent' : 'received', kind)
}

function added(one: FrameCounts, other: FrameCounts): FrameCounts {
  const sum = { ...one }
  for (const [group, count] of Object.entries(other)) sum[group] = (sum[group] ?? 0) + count
  return sum
}
