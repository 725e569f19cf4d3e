import type { ConnectionReport, StageName } from 'centouno/telling'

/** How a stage's times are spread, in milliseconds. */
export interface Spread {
  /** How many attempts got through it. */
  readonly count: number
  readonly min: number
  readonly median: number
  readonly p95: number
  readonly max: number
}

/** Several attempts to connect to one URL. */
export interface Statistics {
  readonly url: string
  readonly attempts: number
  readonly opened: number
  /** How often each code ended an attempt, the most frequent first. */
  readonly failures: readonly { readonly code: string; readonly count: number }[]
  /** Stages that no attempt got through are left out. `total` is from the beginning to the open connection. */
  readonly stages: Readonly<Partial<Record<StageName | 'total', Spread>>>
}

const measured = ['resolve', 'connect', 'proxy', 'secure', 'upgrade'] as const satisfies readonly StageName[]

/** Gathers the times of attempts, one report after another, without keeping the reports. */
export class AttemptStatistics {
  readonly #url: string
  readonly #times = new Map<StageName | 'total', number[]>()
  readonly #failures = new Map<string, number>()
  #attempts = 0
  #opened = 0

  constructor(url: string) {
    this.#url = url
  }

  add({ stages, verdict }: ConnectionReport): void {
    this.#attempts += 1
    if (verdict.ok) this.#opened += 1
    else this.#failures.set(verdict.code, (this.#failures.get(verdict.code) ?? 0) + 1)
    for (const name of measured) {
      const stage = stages.findLast((record) => record.name === name)
      if (stage?.ok === true && stage.endMs !== null) this.#note(name, stage.endMs - stage.startMs)
    }
    const upgraded = stages.findLast(({ name }) => name === 'upgrade')?.endMs
    if (verdict.ok && typeof upgraded === 'number') this.#note('total', upgraded)
  }

  get statistics(): Statistics {
    const stages = [...measured, 'total' as const].flatMap((name) => {
      const times = this.#times.get(name)
      return times === undefined ? [] : [[name, spreadOf(times)] as const]
    })
    return {
      url: this.#url,
      attempts: this.#attempts,
      opened: this.#opened,
      failures: [...this.#failures]
        .map(([code, count]) => ({ code, count }))
        .sort((one, other) => other.count - one.count),
      stages: Object.fromEntries(stages),
    }
  }

  #note(name: StageName | 'total', milliseconds: number): void {
    const times = this.#times.get(name)
    if (times === undefined) this.#times.set(name, [milliseconds])
    else times.push(milliseconds)
  }
}

/** Each figure is a time that was measured (nearest rank): nothing is made up between two of them. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((one, other) => one - other)
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { count: sorted.length, min: rank(0), median: rank(0.5), p95: rank(0.95), max: rank(1) }
}
