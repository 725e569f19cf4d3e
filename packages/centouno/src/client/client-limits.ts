import { completeLimits, type ConnectionLimits, defaultConnectionLimits } from '../protocol/connection/limits.ts'
import { completeCompression, type CompressionOptions } from '../socket/deflate/compression-options.ts'
import { completeBudget, type OutgoingBudget } from '../socket/outgoing-budget.ts'
import { streamFromFault } from '../socket/stream-from.ts'
import type { ConnectOptions } from './connect-options.ts'
import { StageFailure } from './stage-failure.ts'

/** The limits of a connection. What cannot be one comes out before a packet is sent. */
export function clientLimits(given: Partial<ConnectionLimits> = {}): ConnectionLimits {
  const limits = completeLimits(defaultConnectionLimits, given)
  if (typeof limits === 'string') throw new StageFailure('OPTIONS_INVALID', { reason: limits })
  return limits
}

/** How the socket takes and sends what does not go through at once; checked as the limits are. */
export function clientFlow({ outgoing, streamFrom }: ConnectOptions): {
  readonly outgoing: OutgoingBudget
  readonly streamFrom: number | undefined
} {
  const budget = completeBudget(outgoing)
  if (typeof budget === 'string') throw new StageFailure('OPTIONS_INVALID', { reason: budget })
  const fault = streamFromFault(streamFrom)
  if (fault !== undefined) throw new StageFailure('OPTIONS_INVALID', { reason: fault })
  return { outgoing: budget, streamFrom }
}

/** How the client compresses; undefined: not at all. Checked as the limits are. */
export function clientCompression({ compression = false }: ConnectOptions): CompressionOptions | undefined {
  const options = completeCompression(compression)
  if (typeof options === 'string') throw new StageFailure('OPTIONS_INVALID', { reason: options })
  return options
}
