import { setTimeout } from 'node:timers/promises'
import type { MemoryMode } from '../modes/mode.ts'
import type { Peer } from '../peers.ts'
import type { Child } from './child.ts'
import { mostDescriptors, withinReach } from './descriptors.ts'
import type { LoadPlan, SubjectPlan } from './plan.ts'
import type { MemoryRow, Omission } from './result.ts'
import { endPair, type Runtimes, startPair } from './start.ts'
import { residentBytes } from './usage.ts'

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
    // What the first ones make a process grow by (compiled code, the heap's first pages) is no cost of a connection.
    let open = mode.first
    await openUntil(pair.load, 0, open)
    let before = await settledBytes(pair.subject)
    const rows: MemoryRow[] = []
    for (const connections of withinReach(steps, mostDescriptors())) {
      await openUntil(pair.load, open, connections)
      const after = await settledBytes(pair.subject)
      const bytes = (after - before) / (connections - open)
      rows.push({ mode: mode.name, peer: peer.name, version: pair.version, connections, bytes })
      before = after
      open = connections
    }
    return rows
  } finally {
    await endPair(pair)
  }
}

/** No order takes so long that the load would seem to be stuck. */
const mostInOneOrder = 2000

async function openUntil(load: Child, from: number, until: number): Promise<void> {
  for (let open = from; open < until;) {
    open = Math.min(until, open + mostInOneOrder)
    const { cannot } = await load.order({ do: 'open', connections: open })
    if (typeof cannot === 'string') throw new Error(cannot)
  }
}

const readings = 20
const betweenReadings = 250
/** Two readings that differ by less count as the same. */
const steadyBytes = 128 * 1024

/**
 * Resident bytes once garbage has been collected and what is free has gone back to the system, which takes its time: what
 * came with handshakes is not what a connection costs.
 */
async function settledBytes(subject: Child): Promise<number> {
  let last = Infinity
  for (let reading = 0; reading < readings; reading++) {
    await subject.order({ do: 'collect' })
    const bytes = residentBytes(subject)
    if (bytes === undefined) throw new Error('Resident bytes are read from /proc, which this system does not have.')
    if (Math.abs(bytes - last) < steadyBytes) return bytes
    last = bytes
    await setTimeout(betweenReadings)
  }
  return last
}
