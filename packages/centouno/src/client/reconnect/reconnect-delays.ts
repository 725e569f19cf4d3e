/** How long a client waits before it connects again. Milliseconds. */
export interface ReconnectDelays {
  /**
   * The first delay is random, from none to this: clients that lost the same server do not come back as one. RFC 6455
   * §7.2.3 names 0 to 5 s, which is the default.
   */
  readonly first: number
  /** By how much the longest possible delay grows with each failure in a row. Default 2. */
  readonly factor: number
  /** No delay is longer than this, unless the server asks for it. Default 60,000. */
  readonly longest: number
  /**
   * A connection must have been open for so long to count as a success, after which the delays begin anew. Default
   * 10,000: a server that accepts and drops everyone at once must not be run down with first delays.
   */
  readonly settled: number
  /** The longest delay a server can ask for. Default one hour. */
  readonly longestAsked: number
}

export const defaultReconnectDelays: ReconnectDelays = {
  first: 5_000,
  factor: 2,
  longest: 60_000,
  settled: 10_000,
  longestAsked: 3_600_000,
}

/** From when to when a delay may last; it is drawn evenly between both. */
export interface DelayRange {
  readonly from: number
  readonly to: number
}

/**
 * The delay after so many failures in a row (1 is the first): "full jitter", which spreads clients evenly over the whole
 * time from none to the bound that doubles.
 */
export function backoff(failures: number, { first, factor, longest }: ReconnectDelays): DelayRange {
  // The exponent is bounded, so that it cannot become Infinity.
  return { from: 0, to: Math.min(longest, first * factor ** Math.min(failures - 1, 64)) }
}

/** The delay a server asked for: never shorter, and spread over a first delay so that not all come back in one moment. */
export function asked(milliseconds: number, { first, longestAsked }: ReconnectDelays): DelayRange {
  const from = Math.min(milliseconds, longestAsked)
  return { from, to: from + first }
}

export function draw({ from, to }: DelayRange, random: () => number): number {
  return Math.round(from + random() * (to - from))
}
