/**
 * How long the event loop of this process takes to come round, as CPU time: on a machine that is busy with others the
 * time of day would tell of them. Whatever comes in waits as long, at most, before it is looked at. What V8 and libuv do
 * beside the loop is counted, so that the loop itself is never slower than it is said to be.
 */
export class LoopWatch {
  #longest = 0
  #seen = busy()
  readonly #timer: NodeJS.Timeout

  constructor() {
    this.#timer = setInterval(() => this.#look(), 1)
    this.#timer.unref()
  }

  /** Milliseconds. */
  get longest(): number {
    this.#look()
    return this.#longest
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const now = busy()
    this.#longest = Math.max(this.#longest, now - this.#seen)
    this.#seen = now
  }
}

/** Milliseconds of CPU that this process has used. */
export function busy(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
