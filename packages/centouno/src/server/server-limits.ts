import { completeLimits, defaultConnectionLimits, type ConnectionLimits } from '../protocol/connection/limits.ts'
import type { HeadLimits } from '../protocol/http/head.ts'
import { defaultHeadLimits } from '../protocol/http/head-limits.ts'
import { defaultFlowLimits, type FlowLimits } from '../socket/flow-limits.ts'
import { ServerInputError } from './server-errors.ts'

/** How many connections of each kind a server has at once. `Infinity` switches one off. */
export interface AdmissionLimits {
  /** Connections in all: open sockets and handshakes. One more is refused with 503. */
  readonly connections: number
  /** The same from one address; IPv6 is counted by /64, which is what one subscriber gets. One more is refused with 429. */
  readonly connectionsPerAddress: number
  /**
   * Handshakes in all that have not come to their 101 or refusal. When one more arrives, the oldest whose request is still not
   * complete is refused with 503, or the new one if all of them wait for `authorize`.
   */
  readonly handshakes: number
  /** The same from one address. One more is refused with 429. */
  readonly handshakesPerAddress: number
  /** Refused clients that have not gone yet. One more is cut off without an answer. */
  readonly lingering: number
}

/** Everything a server bounds: connections, a request's head, a refusal, one connection and what waits in it. */
export interface ServerLimits extends AdmissionLimits, HeadLimits, ConnectionLimits, FlowLimits {
  /** Milliseconds for which a request may be decided on: reading its parameters and `authorize` together. */
  readonly authorizeTimeout: number
  /** Milliseconds for which a refused client may still send before it is cut off. */
  readonly lingerTimeout: number
  /** Bytes a refused client may still send before it is cut off; they are read and thrown away. */
  readonly lingerBytes: number
}

export const defaultServerLimits: ServerLimits = {
  ...defaultHeadLimits,
  ...defaultConnectionLimits,
  ...defaultFlowLimits,
  // An idle socket holds some 6 KiB on Node, so these hold a fifth of a GiB: what a process with V8's default heap can
  // carry and still work. More belongs on more processes.
  connections: 32_768,
  // A browser opens 255 at most to one host. An office behind one address needs some per seat; an attacker needs 32
  // addresses to fill the server.
  connectionsPerAddress: 1_024,
  // A handshake takes a round trip, or as long as `authorize` does: with 100 ms each these are 10,000 a second. More than
  // the 511 that Node lets the system queue, so that even a whole queue that is accepted at once has room.
  handshakes: 1_024,
  // All the seats of an office that come back at once after its network was away.
  handshakesPerAddress: 256,
  // Each has a timer and a descriptor for `lingerTimeout` at most. Whoever fills these is a flood, not a visitor.
  lingering: 1_024,
  // Longer than a slow login takes, shorter than a proxy waits for a reply (60 s in nginx and HAProxy's usual setups): the
  // client is to hear our reason, not the proxy's 504.
  authorizeTimeout: 30_000,
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

/** @throws ServerInputError (`LIMIT`) for a limit that does not exist, or is nothing it can be. */
export function readLimits(given: Partial<ServerLimits> = {}): ServerLimits {
  const limits = completeLimits(defaultServerLimits, given)
  if (typeof limits === 'string') throw new ServerInputError('LIMIT', limits)
  return limits
}
