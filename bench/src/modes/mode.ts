import type { LoadPlan, SubjectPlan } from '../measure/plan.ts'

/** What a peer does: it serves, is a client, or only echoes bytes. */
export type PeerRole = 'server' | 'client' | 'tcp'

/** What centouno is to reach in a mode: at most this share of what that peer needs. */
export interface Goal {
  readonly peer: string
  readonly atMost: number
}

/** Modes whose cost is to be the same, whatever it is that grows from one to the next. */
export type Flat = 'connections' | 'stream'

/** One way to load a peer, whose cost per message is measured. */
export interface Mode {
  readonly name: string
  readonly title: string
  /** What is counted. Default: messages. */
  readonly unit?: string
  readonly roles: readonly PeerRole[]
  /** The only peers that can do it. Default: all of these roles. */
  readonly only?: readonly string[]
  readonly subject: SubjectPlan
  readonly load: Omit<LoadPlan, 'port' | 'framed'>
  readonly goals: readonly Goal[]
  readonly flat?: Flat
  /** Part of `--quick`. */
  readonly quick: boolean
}

/** A mode whose cost is memory: resident bytes per open connection. */
export interface MemoryMode {
  readonly name: string
  readonly title: string
  /** Open connections from which it is measured. */
  readonly first: number
  /** Open connections up to which it is measured, each time counted from the step before. */
  readonly steps: readonly number[]
  /** The same for `--quick`. */
  readonly quickSteps: readonly number[]
  readonly compressed: boolean
  readonly goals: readonly Goal[]
  /** Bytes that one connection may cost at most. */
  readonly atMostBytes?: number
  /** Whether it is to cost the same at every step. */
  readonly flat: boolean
}

/** At least as many times cheaper than ws. */
export function timesCheaper(factor: number): Goal {
  return { peer: 'ws', atMost: 1 / factor }
}

export function aheadOf(peer: string): Goal {
  return { peer, atMost: 1 }
}
