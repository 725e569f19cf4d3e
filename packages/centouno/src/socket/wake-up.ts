import { type Clock, longestDelay } from '../transport/clock.ts'
import { type RoundMember, WakingRound, WakingRounds } from './waking-rounds.ts'

/** What is woken. */
export interface Waking {
  wake(): void
}

/**
 * The one timer of a socket, which it shares with others while the time is far away: wakes its connection at the time the
 * connection asks for, or before. A timer that is armed is left alone when the time moves away from it: whoever is woken
 * early asks again. So setting the time costs a comparison and can follow every call into the connection.
 *
 * The timer does not keep the process alive: the transport does, for as long as there is something to wait for.
 */
export class WakeUp implements RoundMember {
  readonly #clock: Clock
  readonly #waking: Waking
  /** A timer of the clock's, or a round. */
  #timer: unknown
  /** When it strikes; undefined when nothing is armed. */
  #at: number | undefined

  constructor(clock: Clock, waking: Waking) {
    this.#clock = clock
    this.#waking = waking
  }

  /** Sees to it that there is a waking by `at`, in milliseconds of the clock; undefined: none any more. */
  set(at: number | undefined): void {
    if (at === undefined) this.#disarm()
    else if (this.#at === undefined || at < this.#at) this.#arm(at)
  }

  strike(): void {
    this.#timer = undefined
    this.#at = undefined
    this.#waking.wake()
  }

  /** One for all sockets, which are many. */
  static #timeIsUp(wakeUp: WakeUp): void {
    // One that was taken back may have been on its way already. One that was replaced wakes too early, which does no harm.
    if (wakeUp.#at === undefined) return
    wakeUp.#disarm()
    wakeUp.#waking.wake()
  }

  #arm(at: number): void {
    this.#disarm()
    const now = this.#clock.now()
    const round = WakingRounds.of(this.#clock).join(this, at, now)
    if (round !== undefined) {
      this.#timer = round
      this.#at = round.at
      return
    }
    this.#at = at
    // Timers may fire a fraction early; rounding up spares a second wake-up for that fraction.
    const delay = Math.min(longestDelay, Math.max(0, Math.ceil(at - now)))
    this.#timer = this.#clock.set(delay, WakeUp.#timeIsUp, this)
  }

  #disarm(): void {
    if (this.#at === undefined) return
    if (this.#timer instanceof WakingRound) this.#timer.leave(this)
    else this.#clock.clear(this.#timer)
    this.#timer = undefined
    this.#at = undefined
  }
}
