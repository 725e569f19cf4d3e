import type { LoadPlan, SubjectPlan } from '../measure/plan.ts'

/** What a peer does: it serves, is a client, or only echoes bytes. */
export type PeerRole = 'server' | 'client' | 'tcp'

/** What is to be reached: so many times cheaper than that peer (section "Goals" of the README). */
export interface Goal {
  readonly peer: string
  /** Our CPU per message is at most this share of theirs. */
  readonly atMost: number
}

/** One way to load a peer, whose cost per message is measured. */
export interface Mode {
  readonly name: string
  readonly title: string
  /** What one of the counted is. Default: message. */
  readonly unit?: string
  readonly roles: readonly PeerRole[]
  /** Peers that cannot do it; all others of these roles can. */
  readonly only?: readonly string[]
  readonly subject: SubjectPlan
  readonly load: Omit<LoadPlan, 'port' | 'framed'>
  readonly goals: readonly Goal[]
  /** Part of `--quick`. */
  readonly quick: boolean
}
