import type { ClosingCause } from './closing.ts'
import type { Expiry } from './expiries.ts'

/*
 * The life of a connection from the 101 on, as a table. Every change of state in the engine is a row here; what is not
 * here cannot happen. Nothing else lives here: no bytes, no time, no role.
 *
 * The theory. A connection ends in two layers: the closing handshake (a Close each way, RFC 6455 §7.1.2), then TCP (a
 * FIN each way). The states name how far both have come, seen from this side:
 *
 *   open ──────────► close-sent ──────────► close-received ──────► finishing ──────► closed
 *        our Close              peer's Close               our FIN           transport gone
 *
 * - The peer's Close is answered in the same step that meets it, so `close-received` always means that both were seen.
 * - Whoever may end TCP first (the server, §7.1.1) says so with the event `may-finish-first`; the other side waits in
 *   `close-received` for the peer's FIN. That is all the roles differ in, and the table does not know it.
 * - A peer that breaks a rule skips `close-received`: nothing that it sends is read any more (§7.1.7), a Close of its
 *   own included.
 * - Each state that waits for the peer has a clock, started anew by the step that enters it. `open` has several of its
 *   own (clocks.ts); each strikes with an event by its name.
 * - The first row with a cause decides how the end is told; the first step out of `open` decides who began it.
 *
 * An event without a row in a state changes nothing. Actions are carried out in order, and no further once one of them
 * has led to another step.
 */

/** How far a connection has come. `finishing`: our FIN is queued, only the end of the transport is awaited. */
export type ConnectionState = 'open' | 'close-sent' | 'close-received' | 'finishing' | 'closed'

/** What can happen to it. */
export type ConnectionEvent =
  | 'close-called'
  | 'terminate-called'
  /** A Close arrived that keeps the rules. */
  | 'close-arrived'
  /** The peer broke a rule or passed a limit. */
  | 'peer-erred'
  /** The closing handshake is done, and this side is the one to end TCP first. */
  | 'may-finish-first'
  /** The peer's FIN. */
  | 'transport-ended'
  | 'transport-failed'
  | 'transport-closed'
  /** The clock of a state other than `open` struck. */
  | 'time-out'
  /** One of the clocks of `open` struck. */
  | Expiry

/** What is to be done about it. */
export type ConnectionAction =
  /** Send a Close: the application's, the answer to the peer's, or the one that a violation calls for. */
  | 'send-close'
  /** Tell the application of the peer's Close. */
  | 'tell-close'
  | 'start-clock'
  /** Send FIN. */
  | 'finish'
  /** Drop the transport. */
  | 'abort'
  /** Tell the application that it is over. */
  | 'end'

/** Why it ends; `told` by the event itself where one event has more than one. */
export type TransitionCause = ClosingCause | 'told'

/** One row. */
export interface Transition {
  readonly next: ConnectionState
  readonly actions: readonly ConnectionAction[]
  readonly cause?: TransitionCause
  /** Only in rows that leave `open`. */
  readonly initiator?: 'local' | 'remote'
}

/** The rows of one state. */
type TransitionsFrom = Readonly<Partial<Record<ConnectionEvent, Transition>>>

/** All of them. */
export const transitions: Readonly<Record<ConnectionState, TransitionsFrom>> = {
  open: {
    'close-called': { next: 'close-sent', actions: ['send-close', 'start-clock'], initiator: 'local' },
    'close-arrived': {
      next: 'close-received',
      actions: ['send-close', 'start-clock', 'tell-close'],
      cause: 'closing-handshake',
      initiator: 'remote',
    },
    'peer-erred': {
      next: 'finishing',
      actions: ['send-close', 'start-clock', 'finish'],
      cause: 'told',
      initiator: 'local',
    },
    'transport-ended': {
      next: 'finishing',
      actions: ['start-clock', 'finish'],
      cause: 'peer-fin',
      initiator: 'remote',
    },
    'transport-failed': { next: 'closed', actions: ['abort', 'end'], cause: 'told', initiator: 'remote' },
    'transport-closed': { next: 'closed', actions: ['end'], cause: 'transport-error', initiator: 'remote' },
    'terminate-called': { next: 'closed', actions: ['abort', 'end'], cause: 'local-abort', initiator: 'local' },
    'idle-timeout': {
      next: 'close-sent',
      actions: ['send-close', 'start-clock'],
      cause: 'idle-timeout',
      initiator: 'local',
    },
    lifetime: { next: 'close-sent', actions: ['send-close', 'start-clock'], cause: 'lifetime', initiator: 'local' },
    // Nobody is there to answer a Close, so there is no waiting. Should the peer wake up, it finds why it was left.
    'heartbeat-timeout': {
      next: 'closed',
      actions: ['send-close', 'abort', 'end'],
      cause: 'heartbeat-timeout',
      initiator: 'local',
    },
    // A Close would stand in the queue behind what is not taken.
    'write-timeout': { next: 'closed', actions: ['abort', 'end'], cause: 'write-timeout', initiator: 'local' },
  },

  'close-sent': {
    'close-arrived': { next: 'close-received', actions: ['start-clock', 'tell-close'], cause: 'closing-handshake' },
    // Nothing may follow our Close (§5.5.1), not even one with a better code.
    'peer-erred': { next: 'finishing', actions: ['start-clock', 'finish'], cause: 'told' },
    'transport-ended': { next: 'finishing', actions: ['start-clock', 'finish'], cause: 'peer-fin' },
    'transport-failed': { next: 'closed', actions: ['abort', 'end'], cause: 'told' },
    'transport-closed': { next: 'closed', actions: ['end'], cause: 'transport-error' },
    'time-out': { next: 'closed', actions: ['abort', 'end'], cause: 'close-timeout' },
    'terminate-called': { next: 'closed', actions: ['abort', 'end'], cause: 'local-abort' },
  },

  // From here on the end is clean (§7.1.4), whatever becomes of the transport.
  'close-received': {
    'may-finish-first': { next: 'finishing', actions: ['start-clock', 'finish'] },
    'transport-ended': { next: 'finishing', actions: ['start-clock', 'finish'] },
    // §7.1.1: a client that has waited long enough for the server may end TCP itself.
    'time-out': { next: 'finishing', actions: ['start-clock', 'finish'] },
    'transport-failed': { next: 'closed', actions: ['abort', 'end'] },
    'transport-closed': { next: 'closed', actions: ['end'] },
    'terminate-called': { next: 'closed', actions: ['abort', 'end'] },
  },

  finishing: {
    'transport-failed': { next: 'closed', actions: ['abort', 'end'] },
    'transport-closed': { next: 'closed', actions: ['end'] },
    'time-out': { next: 'closed', actions: ['abort', 'end'] },
    'terminate-called': { next: 'closed', actions: ['abort', 'end'] },
  },

  closed: {},
}

/** True while frames of the peer are read: until its Close, or its first violation. */
export function reads(state: ConnectionState): boolean {
  return state === 'open' || state === 'close-sent'
}

/** True while frames may be sent: nothing follows our Close. */
export function sends(state: ConnectionState): boolean {
  return state === 'open'
}
