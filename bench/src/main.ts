import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { named, readArguments, usage } from './command/arguments.ts'
import { findRuntimes, installPeers } from './command/runtimes.ts'
import { alignTable, cells, columns } from './command/table.ts'
import { Pairing, type Runtimes } from './measure/pairing.ts'
import type { Omission, Round, Row } from './measure/result.ts'
import type { Mode } from './modes/mode.ts'
import { modes } from './modes/modes.ts'
import { type Peer, peers } from './peers.ts'

await main()

async function main(): Promise<void> {
  const asked = readArguments(process.argv.slice(2))
  if (asked.help) return say(usage)
  const chosen =
    asked.only.length > 0 ? named(modes, asked.only, 'mode') : modes.filter((mode) => !asked.quick || mode.quick)
  const against =
    asked.peers.length > 0 ? named(peers, asked.peers, 'peer') : peers.filter((peer) => !asked.quick || peer.quick)
  const runtimes = findRuntimes(asked.node)
  installPeers(
    against.flatMap((peer) => peer.needs ?? []),
    say,
  )
  if (asked.profile !== undefined) return profile(asked.profile, runtimes)
  const pace = asked.quick
    ? { rounds: asked.rounds ?? 3, warmUp: 600, round: 400 }
    : { rounds: asked.rounds ?? 5, warmUp: 1000, round: 1000 }
  for (const mode of chosen) {
    const { rows, omissions } = await run(mode, against, runtimes, pace)
    say(`\n${mode.name}: ${mode.title}`)
    if (rows.length > 0) say(alignTable(columns, cells(rows)))
    for (const { peer, why } of omissions) say(`${peer}: ${why}`)
  }
}

interface Pace {
  readonly rounds: number
  readonly warmUp: number
  readonly round: number
}

/** All peers stand ready at once and take turns, so that what disturbs the machine disturbs all of them. */
async function run(
  mode: Mode,
  against: readonly Peer[],
  runtimes: Runtimes,
  pace: Pace,
): Promise<{ rows: Row[]; omissions: Omission[] }> {
  const omissions: Omission[] = []
  const ready: { pairing: Pairing; rounds: Round[] }[] = []
  for (const peer of against.filter((candidate) => takesPart(candidate, mode))) {
    const pairing = await Pairing.open(mode, peer, runtimes)
    if (typeof pairing === 'string') {
      omissions.push({ mode: mode.name, peer: peer.name, why: pairing })
      continue
    }
    await pairing.round(pace.warmUp)
    ready.push({ pairing, rounds: [] })
  }
  for (let round = 0; round < pace.rounds; round++) {
    for (const { pairing, rounds } of ready) rounds.push(await pairing.round(pace.round))
  }
  await Promise.all(ready.map(({ pairing }) => pairing.end()))
  const rows = ready.map(({ pairing, rounds }) => ({
    mode: mode.name,
    peer: pairing.peer.name,
    version: pairing.version,
    rounds,
  }))
  return { rows, omissions }
}

async function profile(name: string, runtimes: Runtimes): Promise<void> {
  const [mode] = named(modes, [name], 'mode')
  const [peer] = named(peers, ['centouno'], 'peer')
  if (!mode || !peer) return
  const folder = fileURLToPath(new URL('../profiles/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const pairing = await Pairing.open(mode, peer, runtimes)
  if (typeof pairing === 'string') return say(pairing)
  await pairing.round(1000)
  const file = `${folder}${mode.name}.cpuprofile`
  await pairing.profile(3000, file)
  await pairing.end()
  say(`${file}\nOpen it in Chrome's developer tools (Performance, load profile), or in an editor that shows profiles.`)
}

function takesPart(peer: Peer, mode: Mode): boolean {
  return mode.roles.includes(peer.role) && (mode.only === undefined || mode.only.includes(peer.name))
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
