/** Steps per doubling: values are kept to within 2 %. */
const stepsPerDoubling = 32
const doublings = 40

/** How often each latency was seen, in steps that grow with it: constant memory, and nothing allocated while measuring. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(stepsPerDoubling * doublings)
  #total = 0

  /** @param value In any unit, at least 1 of it; less counts as 1. */
  add(value: number): void {
    const step = Math.min(this.#counts.length - 1, Math.max(0, Math.round(Math.log2(value) * stepsPerDoubling)))
    this.#counts[step] = (this.#counts[step] ?? 0) + 1
    this.#total++
  }

  /** The value that this share of all is not above; undefined when there are none. */
  quantile(share: number): number | undefined {
    if (this.#total === 0) return undefined
    const wanted = Math.max(1, Math.ceil(this.#total * share))
    let seen = 0
    const step = this.#counts.findIndex((count) => (seen += count) >= wanted)
    return 2 ** (step / stepsPerDoubling)
  }

  clear(): void {
    this.#counts.fill(0)
    this.#total = 0
  }
}
