import type { Mode } from '../modes/mode.ts'
import type { Peer } from '../peers.ts'
import type { LoadCount } from './plan.ts'
import type { Omission, Round, TimeRow } from './result.ts'
import { endPair, type Pair, type Runtimes, startPair } from './start.ts'
import { cpuMicroseconds } from './usage.ts'

/** How long everything takes. Milliseconds. */
export interface Pace {
  readonly rounds: number
  readonly warmUp: number
  readonly round: number
}

interface Contestant {
  readonly peer: Peer
  readonly pair: Pair
  readonly rounds: Round[]
}

/**
 * Measures the peers in one mode. All of them stand ready and take turns, round after round, so that what disturbs the
 * machine for a while disturbs all of them. Who waits has nothing to do.
 */
export async function timeRounds(
  mode: Mode,
  peers: readonly Peer[],
  runtimes: Runtimes,
  pace: Pace,
): Promise<{ readonly rows: TimeRow[]; readonly omissions: Omission[] }> {
  const omissions: Omission[] = []
  const leaveOut = (peer: Peer, error: unknown): void => {
    omissions.push({ mode: mode.name, peer: peer.name, why: error instanceof Error ? error.message : String(error) })
  }
  let contestants: Contestant[] = []
  for (const peer of peers) {
    try {
      const pair = await startPair(peer, mode.subject, mode.load, runtimes)
      contestants.push({ peer, pair, rounds: [] })
    } catch (error) {
      leaveOut(peer, error)
    }
  }
  for (let turn = 0; turn <= pace.rounds; turn++) {
    const failed = new Set<Contestant>()
    for (const contestant of contestants) {
      const { peer, pair, rounds } = contestant
      try {
        // The first turn lets the compilers do their work, and is forgotten.
        if (turn === 0) await warmUp(pair, pace.warmUp)
        else rounds.push(await timeOne(pair, pace.round))
      } catch (error) {
        leaveOut(peer, error)
        failed.add(contestant)
        await endPair(pair)
      }
    }
    contestants = contestants.filter((contestant) => !failed.has(contestant))
  }
  await Promise.all(contestants.map(({ pair }) => endPair(pair)))
  const rows = contestants.map(({ peer, pair, rounds }) => ({
    mode: mode.name,
    peer: peer.name,
    version: pair.version,
    rounds,
  }))
  return { rows, omissions }
}

/**
 * Until the compilers have done their work: their time counts, not the clock's, as other processes may have the cores;
 * and until a message costs no less than before, as it takes thousands of handshakes and only some hundred messages of 1 MiB.
 */
async function warmUp(pair: Pair, milliseconds: number): Promise<void> {
  const part = milliseconds / 2
  let busy = 0
  let before = Number.POSITIVE_INFINITY
  for (let parts = 0; parts < warmUpParts; parts++) {
    const { cpu, subjectBusy } = await timeOne(pair, part)
    busy += subjectBusy * part
    if (busy >= part && cpu > before * settled) return
    before = Math.min(before, cpu)
  }
}

const warmUpParts = 12
const settled = 0.95

/** One round: CPU is read while both sides are at rest, before the first message and after the last reply. */
export async function timeOne(pair: Pair, milliseconds: number): Promise<Round> {
  const before = await bothCpu(pair)
  const began = performance.now()
  const count = (await pair.load.order({ do: 'measure', milliseconds })) as unknown as LoadCount
  const took = (performance.now() - began) * 1000
  const after = await bothCpu(pair)
  return {
    cpu: (after.subject - before.subject) / count.messages,
    loadCpu: (after.load - before.load) / count.messages,
    messages: count.messages,
    perSecond: (count.messages / count.milliseconds) * 1000,
    subjectBusy: (after.subject - before.subject) / took,
    loadBusy: (after.load - before.load) / took,
    latency: count.latency,
    ratio: count.ratio,
  }
}

async function bothCpu({ subject, load }: Pair): Promise<{ subject: number; load: number }> {
  const asked = process.platform !== 'linux'
  return { subject: await cpuMicroseconds(subject), load: asked ? 0 : await cpuMicroseconds(load) }
}
