import { shownValue } from '../protocol/shown-value.ts'

/** What waits for a peer that does not read as fast as it is sent to, and what happens when it is too much. */
export interface OutgoingBudget {
  /**
   * Bytes that may wait on one socket, framing and a fixed part for each message included. A message is taken as long as
   * less than this waits, so one message may go beyond.
   */
  readonly bytes: number
  /** What `send` does once so much waits. */
  readonly policy: OutgoingPolicy
}

/**
 * - `wait`: the producer has to. `send` refuses more (SendBudgetError), and nothing is queued. A producer that awaits what
 *   `send` returns never meets this, as it has one message waiting at a time.
 * - `drop-oldest`: the oldest messages that wait make room for the new one. For values of which only the latest matters.
 *   What has gone to the transport already, and messages that are sent as streams, stay.
 * - `close`: the connection is failed with 1013. For streams of messages in which a gap is worse than an end.
 */
export type OutgoingPolicy = 'wait' | 'drop-oldest' | 'close'

export const defaultOutgoingBudget: OutgoingBudget = {
  // Sixteen messages of the default limit: room for a burst, or for many callers that each wait for their own message,
  // and still little enough that a thousand peers that do not read are survived.
  bytes: 16 * 1024 * 1024,
  // The one policy that loses nothing on its own account.
  policy: 'wait',
}

const policies: ReadonlySet<unknown> = new Set<OutgoingPolicy>(['wait', 'drop-oldest', 'close'])

/** The budget with the defaults for what is not given; a sentence instead when it cannot be what it was given as. */
export function completeBudget(given?: Partial<OutgoingBudget>): OutgoingBudget | string {
  // Every socket has one, and most have this.
  if (given === undefined) return defaultOutgoingBudget
  const budget = { ...defaultOutgoingBudget, ...given }
  if (!(typeof budget.bytes === 'number' && budget.bytes > 0)) {
    return `outgoing.bytes must be a number above zero, not ${shownValue(budget.bytes)}.`
  }
  if (!policies.has(budget.policy)) {
    return `outgoing.policy must be 'wait', 'drop-oldest' or 'close', not ${shownValue(budget.policy)}.`
  }
  return budget
}
