import type { Layer, Party, Rung } from '../../src/wire/rung.ts'
import { ladderCap } from './ladder-model.ts'
import type { LadderView } from './ladder-model.ts'

/** One line of the ladder as it is drawn: all have the same height. */
export type LadderRow =
  /** Stands above rungs of one layer that follow one another; alone, when the layer is folded. */
  | {
      readonly kind: 'group'
      readonly key: string
      readonly layer: Layer
      readonly count: number
      readonly folded: boolean
    }
  | { readonly kind: 'rung'; readonly key: string; readonly rung: Rung; readonly grouped: boolean }
  | { readonly kind: 'omitted'; readonly key: string; readonly count: number }

/** What the reader wants to see of it. */
export interface LadderSight {
  readonly hidden: ReadonlySet<Layer>
  readonly folded: ReadonlySet<Layer>
  /** Whether rungs are drawn that only carry the next one. */
  readonly carriers: boolean
}

/** The layers from the lowest up. */
export const layers: readonly Layer[] = ['tcp', 'proxy', 'tls', 'http', 'websocket']

/**
 * True for a record or a segment that only carries what the next rung tells: it went the same way at the same moment, one
 * layer or more below. Calm is worth more than seeing everything twice.
 */
export function isCarrier(rung: Rung, next: Rung | undefined): boolean {
  if (next === undefined || rung.from !== next.from || rung.atMs !== next.atMs) return false
  return layers.indexOf(rung.layer) < layers.indexOf(next.layer)
}

/** Rungs of a layer in a row that get a line above them. */
const groupFrom = 2

/** The lines of a ladder, in the order of time. */
export function ladderRows(
  { rungs, omitted }: LadderView,
  { hidden, folded, carriers }: LadderSight,
): readonly LadderRow[] {
  const rows: LadderRow[] = []
  let run: Rung[] = []
  const endRun = (): void => {
    const [first] = run
    if (first === undefined) return
    const isFolded = folded.has(first.layer)
    const grouped = isFolded || run.length >= groupFrom
    const key = `group ${first.id}`
    if (grouped) rows.push({ kind: 'group', key, layer: first.layer, count: run.length, folded: isFolded })
    if (!isFolded) for (const rung of run) rows.push({ kind: 'rung', key: `rung ${rung.id}`, rung, grouped })
    run = []
  }
  for (const [index, rung] of rungs.entries()) {
    if (omitted > 0 && index === ladderCap.first) {
      endRun()
      rows.push({ kind: 'omitted', key: 'omitted', count: omitted })
    }
    if (hidden.has(rung.layer) || (!carriers && isCarrier(rung, rungs[index + 1]))) continue
    if (run[0] !== undefined && run[0].layer !== rung.layer) endRun()
    run.push(rung)
  }
  endRun()
  return rows
}

/** How many rungs each layer has; layers without any are left out. */
export function layerCounts(rungs: readonly Rung[]): readonly (readonly [Layer, number])[] {
  const counts = new Map<Layer, number>()
  for (const { layer } of rungs) counts.set(layer, (counts.get(layer) ?? 0) + 1)
  return layers.flatMap((layer) => {
    const count = counts.get(layer)
    return count === undefined ? [] : [[layer, count] as const]
  })
}

/** Who takes part, from left to right. */
export function parties(rungs: readonly Rung[]): readonly Party[] {
  const hasProxy = rungs.some(({ from, to }) => from === 'proxy' || to === 'proxy')
  return hasProxy ? ['client', 'proxy', 'server'] : ['client', 'server']
}

/** Which rows of a scrolled list are in sight, with some to spare on both sides. */
export function rowsInSight(
  count: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
): { readonly from: number; readonly to: number } {
  const spare = 8
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - spare)
  const to = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + spare)
  return { from: Math.min(from, to), to }
}
