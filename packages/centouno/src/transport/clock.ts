/**
 * Where time comes from. The engine asks nothing else for it, so that a test can put its own in place and let an hour pass
 * in a moment.
 */
export interface Clock {
  /** Milliseconds of a monotonic clock; only differences mean anything. */
  now(): number
  /**
   * Calls `wake` once, with the rest of the arguments, `delay` milliseconds from now. Does not keep the process alive.
   * Returns a handle for `clear`.
   */
  set<Rest extends readonly unknown[]>(delay: number, wake: (...rest: Rest) => void, ...rest: Rest): unknown
  /**
   * Takes back what `set` asked for; nothing when it has happened already, or when the handle is undefined. A wake that is
   * just about to come may still come.
   */
  clear(handle: unknown): void
}

/** The longest that a timer of Node can wait, in milliseconds; beyond, it would strike at once. */
export const longestDelay = 0x7fff_ffff

/** Node's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  // What is waited for on a socket is bounded by its transport, which keeps the process alive as long as it has to.
  set: (delay, wake, ...rest) => setTimeout(afterReading, delay, wake, ...rest).unref(),
  clear: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
}

/**
 * By way of an immediate: what arrived while this process lagged has been read by then, and its lag is not taken for the
 * silence of a peer.
 */
function afterReading<Rest extends readonly unknown[]>(wake: (...rest: Rest) => void, ...rest: Rest): void {
  setImmediate(wake, ...rest)
}
