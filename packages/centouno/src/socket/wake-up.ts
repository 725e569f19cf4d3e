/**
 * The one timer of a socket: wakes its connection at the time the connection asks for. Setting the same time again costs
 * a comparison, so it can follow every call into the connection.
 *
 * The timer does not keep the process alive: the transport does, for as long as there is something to wait for.
 */
export class WakeUp {
  readonly #wake: () => void
  #timer: NodeJS.Timeout | undefined
  #at: number | undefined

  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Arms the timer for `at`, in milliseconds of `performance.now()`; undefined disarms it. */
  set(at: number | undefined): void {
    if (at === this.#at) return
    clearTimeout(this.#timer)
    this.#at = at
    this.#timer = undefined
    if (at === undefined) return
    // Timers may fire a fraction early; rounding up spares a second wake-up for that fraction.
    this.#timer = setTimeout(
      () => {
        this.#at = undefined
        this.#wake()
      },
      Math.max(0, Math.ceil(at - performance.now())),
    )
    this.#timer.unref()
  }
}
