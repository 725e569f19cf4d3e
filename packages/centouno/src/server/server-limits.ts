import { defaultConnectionLimits, type ConnectionLimits } from '../protocol/connection/limits.ts'
import type { HeadLimits } from '../protocol/http/head.ts'
import { defaultHeadLimits } from '../protocol/http/head-limits.ts'
import { defaultFlowLimits, type FlowLimits } from '../socket/flow-limits.ts'
import { ServerInputError } from './server-errors.ts'

/** Everything a server bounds: of a request's head, of a refusal, of a connection and of what waits in it. */
export interface ServerLimits extends HeadLimits, ConnectionLimits, FlowLimits {
  /** Milliseconds for which a refused client may still send before it is cut off. */
  readonly lingerTimeout: number
  /** Bytes a refused client may still send before it is cut off; they are read and thrown away. */
  readonly lingerBytes: number
}

export const defaultServerLimits: ServerLimits = {
  ...defaultHeadLimits,
  ...defaultConnectionLimits,
  ...defaultFlowLimits,
  // Closing with bytes unread resets the connection, and a reset can overtake the refusal (RFC 9112 §9.6). A client that
  // is still sending gets this long, and this much, to notice.
  lingerTimeout: 2_000,
  lingerBytes: 256 * 1024,
}

/**
 * Milliseconds from accepting a connection until the whole head of its request must be there. One deadline for all of it:
 * a deadline for each read would let a client that sends a byte now and then stay for ever.
 */
export const defaultHandshakeTimeout = 10_000

/** @throws ServerInputError (`LIMIT`) for a limit that is no number above zero. */
export function readLimits(given: Partial<ServerLimits> = {}): ServerLimits {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'number' && value > 0) continue
    throw new ServerInputError('LIMIT', `The limit ${name} must be a number above zero, not ${String(value)}.`)
  }
  return { ...defaultServerLimits, ...given }
}
