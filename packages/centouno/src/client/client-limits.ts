import { completeLimits, type ConnectionLimits, defaultConnectionLimits } from '../protocol/connection/limits.ts'
import { StageFailure } from './stage-failure.ts'

/** The limits of a connection. What cannot be one comes out before a packet is sent. */
export function clientLimits(given: Partial<ConnectionLimits> = {}): ConnectionLimits {
  const limits = completeLimits(defaultConnectionLimits, given)
  if (typeof limits === 'string') throw new StageFailure('OPTIONS_INVALID', { reason: limits })
  return limits
}
