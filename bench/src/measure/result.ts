import type { Machine } from './machine.ts'
import type { LoadCount } from './plan.ts'

/** One round of one peer in one mode. */
export interface Round {
  /** Microseconds of CPU, user and system, of the measured process per message. */
  readonly cpu: number
  /** The same of the load. */
  readonly loadCpu: number
  readonly messages: number
  readonly perSecond: number
  /** CPU over wall time: 1 is a whole core. */
  readonly subjectBusy: number
  readonly loadBusy: number
  readonly latency?: LoadCount['latency']
  readonly ratio?: number | undefined
}

/** What one peer needed in one mode. */
export interface TimeRow {
  readonly mode: string
  readonly peer: string
  readonly version: string
  readonly rounds: readonly Round[]
}

/** What one peer holds for each of so many connections. */
export interface MemoryRow {
  readonly mode: string
  readonly peer: string
  readonly version: string
  /** Open ones, up to which was measured. */
  readonly connections: number
  /** Per connection, of those between the step before and this. */
  readonly bytes: number
}

/** A peer that was not measured in a mode, and why. */
export interface Omission {
  readonly mode: string
  readonly peer: string
  readonly why: string
}

/** One run of the benchmarks, as it is written down. */
export interface Result {
  /** Of this shape; one with another is not compared. */
  readonly format: 1
  readonly date: string
  readonly commit: string
  /** Version of Node that the peers on Node ran on. */
  readonly node: string
  readonly quick: boolean
  readonly machine: Machine
  readonly time: readonly TimeRow[]
  readonly memory: readonly MemoryRow[]
  readonly omissions: readonly Omission[]
}
