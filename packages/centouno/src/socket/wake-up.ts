import type { Clock } from '../transport/clock.ts'

/**
 * The one timer of a socket: wakes its connection at the time the connection asks for. Setting the same time again costs
 * a comparison, so it can follow every call into the connection.
 *
 * The timer does not keep the process alive: the transport does, for as long as there is something to wait for.
 */
export class WakeUp {
  readonly #clock: Clock
  readonly #wake: () => void
  #timer: unknown
  #at: number | undefined

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock
    this.#wake = wake
  }

  /** Arms the timer for `at`, in milliseconds of the clock; undefined disarms it. */
  set(at: number | undefined): void {
    if (at === this.#at) return
    this.#clock.clear(this.#timer)
    this.#at = at
    this.#timer = undefined
    if (at === undefined) return
    // Timers may fire a fraction early; rounding up spares a second wake-up for that fraction.
    const delay = Math.max(0, Math.ceil(at - this.#clock.now()))
    this.#timer = this.#clock.set(delay, () => {
      this.#at = undefined
      this.#wake()
    })
  }
}
