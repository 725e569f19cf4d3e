import { type Clock, longestDelay } from '../transport/clock.ts'

/**
 * The one timer of a socket: wakes its connection at the time the connection asks for, or before. A timer that is armed
 * is left alone when the time moves away from it: whoever is woken early asks again. So setting the time costs a
 * comparison and can follow every call into the connection.
 *
 * The timer does not keep the process alive: the transport does, for as long as there is something to wait for.
 */
export class WakeUp {
  readonly #clock: Clock
  readonly #wake: () => void
  #timer: unknown
  /** When the armed timer strikes; Infinity when none is. */
  #at = Number.POSITIVE_INFINITY

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock
    this.#wake = wake
  }

  /** Sees to it that there is a waking by `at`, in milliseconds of the clock; undefined: none any more. */
  set(at: number | undefined): void {
    if (at === undefined) this.#disarm()
    else if (at < this.#at) this.#arm(at)
  }

  #arm(at: number): void {
    this.#disarm()
    this.#at = at
    // Timers may fire a fraction early; rounding up spares a second wake-up for that fraction.
    const delay = Math.min(longestDelay, Math.max(0, Math.ceil(at - this.#clock.now())))
    const timer = this.#clock.set(delay, () => {
      // One that was replaced may have been on its way already.
      if (this.#timer !== timer) return
      this.#disarm()
      this.#wake()
    })
    this.#timer = timer
  }

  #disarm(): void {
    if (this.#at === Number.POSITIVE_INFINITY) return
    this.#clock.clear(this.#timer)
    this.#timer = undefined
    this.#at = Number.POSITIVE_INFINITY
  }
}
