import type { LoadCount } from '../measure/plan.ts'
import { LatencyHistogram } from './latency.ts'

/** One connection that can be asked to send its burst, and says when all of the reply is in. */
export interface Exchanger {
  send(): void
  whenAnswered: () => void
}

/**
 * Keeps so many connections busy: each sends its burst, and when that is answered the turn goes to the connection that
 * has waited longest, which is itself when all are busy.
 */
export class Exchange {
  readonly #exchangers: readonly Exchanger[]
  readonly #busy: number
  readonly #burst: number
  readonly #latencies = new LatencyHistogram()
  readonly #waiting: (() => void)[] = []
  readonly #starts: readonly (() => void)[]
  #running = false
  #inFlight = 0
  #bursts = 0
  #quiet: (() => void) | undefined

  constructor(exchangers: readonly Exchanger[], burst: number, busy: number = exchangers.length) {
    this.#exchangers = exchangers
    this.#burst = burst
    this.#busy = busy
    this.#starts = exchangers.map((exchanger) => this.#attach(exchanger))
  }

  async measure(milliseconds: number): Promise<LoadCount> {
    this.#latencies.clear()
    this.#bursts = 0
    this.#running = true
    this.#waiting.splice(0, this.#waiting.length, ...this.#starts.slice(this.#busy))
    const began = performance.now()
    for (const start of this.#starts.slice(0, this.#busy)) start()
    await new Promise<void>((resolve) => {
      this.#quiet = resolve
      setTimeout(() => (this.#running = false), milliseconds)
    })
    return {
      messages: this.#bursts * this.#burst,
      milliseconds: performance.now() - began,
      latency: this.#burst === 1 ? percentiles(this.#latencies) : undefined,
    }
  }

  #attach(exchanger: Exchanger): () => void {
    let sentAt = 0
    const start = (): void => {
      this.#inFlight++
      sentAt = performance.now()
      exchanger.send()
    }
    const everyoneIsBusy = this.#busy >= this.#exchangers.length
    exchanger.whenAnswered = () => {
      this.#latencies.add((performance.now() - sentAt) * 1000)
      this.#bursts++
      this.#inFlight--
      if (!this.#running) {
        if (this.#inFlight === 0) this.#quiet?.()
      } else if (everyoneIsBusy) {
        start()
      } else {
        this.#waiting.push(start)
        this.#waiting.shift()?.()
      }
    }
    return start
  }
}

export function percentiles(latencies: LatencyHistogram): LoadCount['latency'] {
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => latencies.quantile(share))
  return p50 === undefined || p99 === undefined || p999 === undefined ? undefined : { p50, p99, p999 }
}
