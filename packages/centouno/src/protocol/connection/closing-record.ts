import type { CloseFrame, Closing, ClosingCause } from './closing.ts'
import type { Transition } from './state.ts'
import type { ViolationCode } from './violations.ts'
import { abnormalClosure } from '../close/status-codes.ts'

/** Why a connection ends, told along with an event that does not say it by its name. */
export interface Decision {
  readonly cause: ClosingCause
  readonly violation?: ViolationCode
  readonly error?: Error
}

/** Shorter pauses are part of any talk. */
const shortestSilence = 1_000

/** The ends in which a silence before may be the reason: whoever ends it by rule says so in a Close. */
const unexplained: ReadonlySet<ClosingCause> = new Set(['peer-fin', 'peer-reset'])

/** Stands until something decides. */
export const undecided: Decision = { cause: 'local-abort' }

/** Collects, while a connection ends, what there will be to tell of its end. */
export class ClosingRecord {
  sent: CloseFrame | undefined
  received: CloseFrame | undefined
  #decision: Decision = undecided
  #silence = 0
  #initiator: 'local' | 'remote' = 'local'

  /** True when this side fails the connection (RFC 6455 §7.1.7). */
  get failed(): boolean {
    return this.#decision.violation !== undefined
  }

  /**
   * Notes a step. Only the first with a cause decides: what comes later is its consequence.
   *
   * @param silence For how many milliseconds nothing has come or gone. A proxy that cuts off what is idle says nothing:
   *   this is all there is to tell it by.
   */
  note(step: Transition, told: Decision, silence: number): void {
    if (step.initiator !== undefined) this.#initiator = step.initiator
    if (step.cause === undefined || this.#decision !== undecided) return
    this.#decision = step.cause === 'told' ? told : { cause: step.cause }
    this.#silence = silence
  }

  /** True when silence before the end may be the reason for it. */
  get #cutOffIdle(): boolean {
    return unexplained.has(this.#decision.cause) && this.sent === undefined && this.#silence >= shortestSilence
  }

  /** The account of the end (RFC 6455 §7.1.4 to §7.1.6). */
  closing(): Closing {
    const { cause, violation, error } = this.#decision
    return {
      code: this.received?.code ?? abnormalClosure,
      reason: this.received?.reason ?? '',
      clean: this.sent !== undefined && this.received !== undefined,
      cause,
      initiator: this.#initiator,
      sent: this.sent,
      received: this.received,
      violation,
      error,
      ...(this.#cutOffIdle && { silence: this.#silence }),
    }
  }
}
