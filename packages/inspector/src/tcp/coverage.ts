/** Which parts of a stream have been seen: ranges that neither touch nor overlap, in order. */
export class Coverage {
  readonly #ranges: { start: number; end: number }[] = []

  /** Adds a range, and says how much of it was new. */
  add(start: number, end: number): number {
    if (end <= start) return 0
    let first = this.#ranges.length
    // What comes now belongs near the end.
    while (first > 0 && (this.#ranges[first - 1]?.end ?? 0) >= start) first--
    let joined = { start, end }
    let seen = 0
    let last = first
    for (; last < this.#ranges.length; last++) {
      const range = this.#ranges[last]
      if (range === undefined || range.start > end) break
      seen += Math.max(0, Math.min(end, range.end) - Math.max(start, range.start))
      joined = { start: Math.min(joined.start, range.start), end: Math.max(joined.end, range.end) }
    }
    this.#ranges.splice(first, last - first, joined)
    return end - start - seen
  }
}
