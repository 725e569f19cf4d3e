import type { LoadCount } from '../measure/plan.ts'

/** A load that stands ready: connected, warmed up by measuring once and forgetting it. */
export interface Load {
  /** Where it listens, when the subject is a client. */
  readonly port?: number
  /** Why the peer cannot be measured in this mode after all. */
  readonly cannot?: string
  /** Loads the subject for so long, then until every reply is in. */
  measure(milliseconds: number): Promise<LoadCount>
}
