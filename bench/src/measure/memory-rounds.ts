import type { MemoryMode } from '../modes/mode.ts'
import type { Peer } from '../peers.ts'
import type { Child } from './child.ts'
import type { LoadPlan, SubjectPlan } from './plan.ts'
import type { MemoryRow, Omission } from './result.ts'
import { endPair, type Runtimes, startPair } from './start.ts'
import { residentBytes } from './usage.ts'

/** Connections that come and go before anything is measured, so that compiled code and first heaps are no part of it. */
const rehearsal = 200
const jsonBytes = 1100

/** Measures the peers one after another, each in a fresh process: what one had is not given back to the system at once. */
export async function memoryRounds(
  mode: MemoryMode,
  peers: readonly Peer[],
  runtimes: Runtimes,
  steps: readonly number[],
): Promise<{ readonly rows: MemoryRow[]; readonly omissions: Omission[] }> {
  const rows: MemoryRow[] = []
  const omissions: Omission[] = []
  for (const peer of peers) {
    try {
      rows.push(...(await grow(mode, peer, runtimes, steps)))
    } catch (error) {
      omissions.push({ mode: mode.name, peer: peer.name, why: error instanceof Error ? error.message : String(error) })
    }
  }
  return { rows, omissions }
}

async function grow(mode: MemoryMode, peer: Peer, runtimes: Runtimes, steps: readonly number[]): Promise<MemoryRow[]> {
  const payload = mode.compressed ? jsonBytes : 20
  const subjectPlan: SubjectPlan = { role: 'echo', payload, tls: false, deflate: mode.compressed }
  const kind = mode.compressed ? 'idle-compressed' : 'idle'
  const loadPlan: Omit<LoadPlan, 'port' | 'framed'> = {
    kind,
    connections: 0,
    payload,
    burst: 1,
    text: true,
    tls: false,
  }
  const pair = await startPair(peer, subjectPlan, loadPlan, runtimes)
  try {
    await open(pair.load, rehearsal)
    await pair.load.order({ do: 'close' })
    const before = await settled(pair.subject)
    const rows: MemoryRow[] = []
    for (const connections of steps) {
      await open(pair.load, connections)
      const bytes = (await settled(pair.subject)) - before
      rows.push({ mode: mode.name, peer: peer.name, version: pair.version, connections, bytes: bytes / connections })
    }
    return rows
  } finally {
    await endPair(pair)
  }
}

async function open(load: Child, connections: number): Promise<void> {
  const { cannot } = await load.order({ do: 'open', connections })
  if (typeof cannot === 'string') throw new Error(cannot)
}

/** Resident bytes after what is garbage has gone: what came with handshakes is not what a connection costs. */
async function settled(subject: Child): Promise<number> {
  await subject.order({ do: 'collect' })
  const bytes = residentBytes(subject)
  if (bytes === undefined) throw new Error('Resident bytes are read from /proc, which this system does not have.')
  return bytes
}
