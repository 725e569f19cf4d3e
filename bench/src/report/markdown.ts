import type { Result, TimeRow } from '../measure/result.ts'
import { median } from '../measure/statistics.ts'
import type { MemoryMode, Mode } from '../modes/mode.ts'
import { missingPeers } from '../peers.ts'
import { memoryCells, memoryColumns, significant, timeCells, timeColumns } from './cells.ts'
import { judgeGoals } from './goals.ts'
import { markdownTable } from './table.ts'

/** The whole run as a document. */
export function resultAsMarkdown(
  result: Result,
  before: Result | undefined,
  modes: readonly Mode[],
  memoryModes: readonly MemoryMode[],
): string {
  const goals = judgeGoals(result, modes, memoryModes)
  return [
    '# Benchmarks: the last run',
    'Written by `npm run bench`; [the README](../README.md) says how it is measured and what the columns are.',
    facts(result, before),
    ...(goals.length === 0
      ? []
      : [
          '## Goals',
          markdownTable(
            ['mode', 'goal', 'found', 'met'],
            goals.map(({ mode, goal, found, met }) => [mode, goal, found, met ? 'yes' : '**no**']),
          ),
        ]),
    ...modes.flatMap((mode) => section(mode, result, timeColumns, timeCells(of(mode, result.time), before))),
    ...memoryModes.flatMap((mode) =>
      section(mode, result, memoryColumns, memoryCells(of(mode, result.memory), before)),
    ),
    ...loadSection(result),
    '## Not measured',
    missingPeers.map((line) => `- ${line}`).join('\n'),
    '',
  ].join('\n\n')
}

function facts({ date, commit, node, machine, time, memory }: Result, before: Result | undefined): string {
  const versions = new Map([...time, ...memory].map(({ peer, version }) => [peer, version]))
  return [
    `- ${date}, commit ${commit}, Node ${node}`,
    `- ${machine.cpu}, ${machine.cores} cores, ${machine.system}, ` +
      (machine.pinned ? 'server and load held to a core each' : 'no process held to a core'),
    `- ${[...versions].map(([peer, version]) => `${peer}: ${version}`).join('; ')}`,
    ...(before ? [`- before: ${before.date}, commit ${before.commit}`] : []),
  ].join('\n')
}

function section(
  mode: { readonly name: string; readonly title: string; readonly unit?: string },
  result: Result,
  columns: readonly string[],
  cells: readonly (readonly string[])[],
): string[] {
  const left = of(mode, result.omissions).map(({ peer, why }) => `- ${peer}: ${why}`)
  if (cells.length === 0 && left.length === 0) return []
  return [
    `## ${mode.name}`,
    `${capital(mode.title)}.${mode.unit === undefined ? '' : ` Counted in ${mode.unit}.`}`,
    ...(cells.length > 0 ? [markdownTable(columns, cells)] : []),
    ...(left.length > 0 ? [left.join('\n')] : []),
  ]
}

/** Whether the load is faster than anything it is to measure: plain TCP echo is the fastest peer that Node can be. */
function loadSection({ time }: Result): string[] {
  const floors = time.filter(({ peer }) => peer.startsWith('tcp-'))
  if (floors.length === 0) return []
  return [
    '## The load generator',
    'Against plain TCP echo, the fastest peer there is on Node. Below 1, the load waits for the peer, and not the peer for ' +
      'the load.',
    markdownTable(
      ['mode', 'peer', 'load CPU of peer CPU'],
      floors.map((row) => [row.mode, row.peer, significant(loadShare(row))]),
    ),
  ]
}

function loadShare({ rounds }: TimeRow): number {
  return median(rounds.map((round) => round.loadCpu / round.cpu))
}

function of<Row extends { readonly mode: string }>({ name }: { readonly name: string }, rows: readonly Row[]): Row[] {
  return rows.filter((row) => row.mode === name)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
