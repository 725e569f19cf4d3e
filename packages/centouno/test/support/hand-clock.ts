import type { Clock } from '../../src/transport/clock.ts'

interface Alarm {
  readonly at: number
  readonly wake: () => void
}

/** A clock that stands still until it is moved. */
export class HandClock implements Clock {
  /** How many alarms have ever been set. */
  alarmsSet = 0
  #time = 0
  readonly #alarms = new Set<Alarm>()

  /** Alarms that have not struck yet. */
  get waiting(): number {
    return this.#alarms.size
  }

  now(): number {
    return this.#time
  }

  set<Rest extends readonly unknown[]>(delay: number, wake: (...rest: Rest) => void, ...rest: Rest): unknown {
    const alarm = { at: this.#time + delay, wake: () => wake(...rest) }
    this.#alarms.add(alarm)
    this.alarmsSet += 1
    return alarm
  }

  clear(handle: unknown): void {
    this.#alarms.delete(handle as Alarm)
  }

  /** Lets time pass, alarm by alarm; after each, whatever is on its way in memory arrives. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#time + milliseconds
    await settled()
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#time = Math.max(this.#time, next.at)
      this.#alarms.delete(next)
      next.wake()
      await settled()
    }
    this.#time = end
  }

  #next(end: number): Alarm | undefined {
    return [...this.#alarms].filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0]
  }
}

/** Resolves after the microtasks of now and of those that follow from them. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
