import { mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { endPair, type Runtimes, startPair } from '../measure/start.ts'
import { timeOne } from '../measure/time-rounds.ts'
import type { Mode } from '../modes/mode.ts'
import type { Peer } from '../peers.ts'
import { percent } from '../report/cells.ts'
import { type CpuProfile, hotFunctions } from '../report/hot-functions.ts'
import { alignTable } from '../report/table.ts'

const warmUp = 1000
const profiled = 3000
const shownFunctions = 20

/** Takes a CPU profile while the load is on, start and warm-up left out. Returns what to tell about it. */
export async function takeProfile(mode: Mode, peer: Peer, runtimes: Runtimes): Promise<string> {
  const folder = fileURLToPath(new URL('../../profiles/', import.meta.url))
  const file = `${folder}${mode.name}.cpuprofile`
  mkdirSync(folder, { recursive: true })
  const pair = await startPair(peer, mode.subject, mode.load, runtimes)
  try {
    await timeOne(pair, warmUp)
    await pair.subject.order({ do: 'profile' })
    await timeOne(pair, profiled)
    await pair.subject.order({ do: 'profiled', file })
  } finally {
    await endPair(pair)
  }
  const hot = hotFunctions(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile, shownFunctions)
  return [
    alignTable(
      ['function', 'itself', 'where'],
      hot.map(({ name, place, share }) => [name, percent(share), place]),
    ),
    '',
    file,
    "Chrome's developer tools show it whole (Performance, Load profile), and so do editors.",
  ].join('\n')
}
