import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../transport/clock.ts'

interface Timer {
  readonly at: number
  readonly wake: () => void
}

/** More in one `advance` is a timer that sets itself anew without end. */
const mostWakes = 1_000_000

/**
 * A clock that stands still until it is told to go. Sockets of a `pair()` take all their time from it, so an hour passes
 * in a moment, and always in the same way.
 */
export class VirtualClock implements Clock {
  readonly #timers = new Set<Timer>()
  #now = 0

  /** Milliseconds since the clock was made. */
  now(): number {
    return this.#now
  }

  set<Rest extends readonly unknown[]>(delay: number, wake: (...rest: Rest) => void, ...rest: Rest): unknown {
    const timer: Timer = { at: this.#now + Math.max(0, delay), wake: () => wake(...rest) }
    this.#timers.add(timer)
    return timer
  }

  clear(handle: unknown): void {
    this.#timers.delete(handle as Timer)
  }

  /**
   * Lets time pass: everything that is due happens at its time and in order, and promises that are settled by it are
   * followed before the next is looked at. Only promises: what a test waits for outside, such as a file, takes its own time.
   *
   * @param milliseconds 0 only lets happen what can happen now
   */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds
    await turn()
    for (let wakes = 0; ; wakes += 1) {
      const next = this.#next(until)
      if (!next) break
      if (wakes === mostWakes)
        throw new Error(`More than ${mostWakes} timers went off by ${until} ms: one sets itself anew.`)
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.wake()
      await turn()
    }
    this.#now = until
  }

  /** The earliest by `until`; of several at the same time the one that was set first. */
  #next(until: number): Timer | undefined {
    let earliest: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.at <= until && (!earliest || timer.at < earliest.at)) earliest = timer
    }
    return earliest
  }
}
