import type { ConnectionLimits } from '../protocol/connection/limits.ts'
import type { Clock } from '../transport/clock.ts'
import type { Transport } from '../transport/transport.ts'
import type { AgreedCompression } from './deflate/socket-compression.ts'
import type { FlowLimits } from './flow-limits.ts'
import type { OutgoingBudget } from './outgoing-budget.ts'
import type { Traffic } from './traffic.ts'

/** What an engine is made of. */
export interface EngineParts {
  readonly role: 'client' | 'server'
  readonly transport: Transport
  readonly limits: ConnectionLimits
  readonly flow: FlowLimits
  readonly outgoing: OutgoingBudget
  readonly clock: Clock
  /** Messages of at least so many bytes arrive as streams; undefined: none. */
  readonly streamFrom: number | undefined
  /** Where what goes through is counted. */
  readonly traffic: Traffic
  /** What was agreed of `permessage-deflate`; undefined: nothing. */
  readonly compression: AgreedCompression | undefined
}
