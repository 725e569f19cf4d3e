import { execFileSync } from 'node:child_process'
import { type BenchArguments, named, readArguments, usage } from './command/arguments.ts'
import { compressionTable } from './command/compression-table.ts'
import { takeProfile } from './command/profile.ts'
import { findRuntimes, installPeers } from './command/runtimes.ts'
import { thisMachine } from './measure/machine.ts'
import { memoryRounds } from './measure/memory-rounds.ts'
import type { MemoryRow, Omission, Result, TimeRow } from './measure/result.ts'
import type { Runtimes } from './measure/start.ts'
import { type Pace, timeRounds } from './measure/time-rounds.ts'
import type { MemoryMode, Mode } from './modes/mode.ts'
import { memoryModes, modes } from './modes/modes.ts'
import { missingPeers, type Peer, peers } from './peers.ts'
import { memoryCells, memoryColumns, timeCells, timeColumns } from './report/cells.ts'
import { judgeGoals } from './report/goals.ts'
import { resultAsMarkdown } from './report/markdown.ts'
import { committedResult, currentCommit, resultName, writeJson, writeResult } from './report/result-files.ts'
import { alignTable } from './report/table.ts'

const quickPace: Pace = { rounds: 3, warmUp: 500, round: 300 }
const fullPace: Pace = { rounds: 5, warmUp: 1500, round: 1000 }

try {
  await main(readArguments(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}

async function main(asked: BenchArguments): Promise<void> {
  if (asked.help) return say(usage)
  if (asked.compression) return say(await compressionTable())
  const quick = <Thing extends { readonly quick: boolean }>(thing: Thing): boolean => !asked.quick || thing.quick
  const all = [...modes, ...memoryModes]
  const chosen =
    asked.only.length > 0 ? named(all, asked.only, 'mode') : all.filter((mode) => isMemory(mode) || quick(mode))
  // On another Node, those who do not run on it are the same as ever; Bun is there for the goals.
  const concerned = asked.node === undefined ? peers : peers.filter((peer) => peer.runtime === 'node' || peer.quick)
  const against = asked.peers.length > 0 ? named(peers, asked.peers, 'peer') : concerned.filter(quick)
  const runtimes = findRuntimes(asked.node)
  installPeers(neededPackages(against, asked.node), say)
  if (asked.profile !== undefined) return profile(asked.profile, runtimes)

  const node = execFileSync(runtimes.node, ['--version'], { encoding: 'utf8' }).trim()
  const before = committedResult(resultName(node))
  const time: TimeRow[] = []
  const memory: MemoryRow[] = []
  const omissions: Omission[] = []
  for (const mode of chosen) {
    say(`\n${mode.name}: ${mode.title}`)
    const omitted = isMemory(mode)
      ? await measureMemory(mode, against, runtimes, asked, before, memory)
      : await measureTime(mode, against, runtimes, asked, before, time)
    for (const { peer, why } of omitted) say(`${peer}: ${why}`)
    omissions.push(...omitted)
  }
  const result: Result = {
    format: 1,
    date: new Date().toISOString().slice(0, 10),
    commit: currentCommit(),
    node,
    quick: asked.quick,
    machine: thisMachine(),
    time,
    memory,
    omissions,
  }
  tellGoals(result)
  if (asked.json !== undefined) writeJson(asked.json, result)
  // What stands in the repository is a whole run: a part of one would be compared with nothing.
  if (asked.quick || asked.only.length > 0 || asked.peers.length > 0) return
  const markdown = resultAsMarkdown(result, before, modes, memoryModes)
  say(`\nWritten to ${writeResult(resultName(node), result, markdown)}`)
}

async function measureTime(
  mode: Mode,
  against: readonly Peer[],
  runtimes: Runtimes,
  asked: BenchArguments,
  before: Result | undefined,
  into: TimeRow[],
): Promise<Omission[]> {
  const pace = asked.quick ? quickPace : fullPace
  const able = against.filter((peer) => takesPart(peer, mode))
  const { rows, omissions } = await timeRounds(mode, able, runtimes, { ...pace, rounds: asked.rounds ?? pace.rounds })
  if (rows.length > 0) say(alignTable(timeColumns, timeCells(rows, before)))
  into.push(...rows)
  return omissions
}

async function measureMemory(
  mode: MemoryMode,
  against: readonly Peer[],
  runtimes: Runtimes,
  asked: BenchArguments,
  before: Result | undefined,
  into: MemoryRow[],
): Promise<Omission[]> {
  const able = against.filter((peer) => peer.role === 'server' && (mode.compressed || !peer.deflateOnly))
  const steps = asked.quick ? mode.quickSteps : mode.steps
  const { rows, omissions } = await memoryRounds(mode, able, runtimes, steps)
  if (rows.length > 0) say(alignTable(memoryColumns, memoryCells(rows, before)))
  into.push(...rows)
  return omissions
}

async function profile(name: string, runtimes: Runtimes): Promise<void> {
  const [mode] = named(modes, [name], 'mode')
  const peer = peers.find((candidate) => candidate.name === 'centouno' && mode?.roles.includes(candidate.role))
  if (mode && peer) say(await takeProfile(mode, peer, runtimes))
}

function tellGoals(result: Result): void {
  const goals = judgeGoals(result, modes, memoryModes)
  if (goals.length > 0) {
    const lines = goals.map(({ mode, goal, found, met }) => [mode, goal, found, met ? 'met' : 'NOT MET'])
    say(`\n${alignTable(['mode', 'goal', 'found', ''], lines)}`)
  }
  say(`\n${missingPeers.join('\n')}`)
}

function takesPart(peer: Peer, mode: Mode): boolean {
  if (peer.deflateOnly && !mode.subject.deflate) return false
  return mode.roles.includes(peer.role) && (mode.only === undefined || mode.only.includes(peer.name))
}

function neededPackages(against: readonly Peer[], node: string | undefined): string[] {
  const shipped = node !== undefined && /^\d+$/.test(node) ? [`node-${node}`] : []
  return [...against.flatMap((peer) => peer.needs ?? []), ...shipped]
}

function isMemory(mode: Mode | MemoryMode): mode is MemoryMode {
  return 'steps' in mode
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
