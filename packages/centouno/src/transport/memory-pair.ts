import type { Clock } from './clock.ts'
import { MemoryEnd } from './memory-end.ts'
import type { Transport } from './transport.ts'

/** How a pair in memory delivers. */
export interface MemoryPairOptions {
  /** True: nothing moves until `deliver` is called. Default false: bytes move on the next microtask, or when they are due. */
  readonly byHand?: boolean
  /**
   * The most bytes handed over in one `received`, so that a test can cut a stream at every byte; or a function that is
   * asked for it each time. Default: no bound.
   */
  readonly chunkBytes?: number | (() => number)
  /** Queued bytes from which `write` returns false. Default 16,384. */
  readonly mark?: number
  /** Milliseconds of `clock` that bytes take from the first end to the second, and back. Default: none. */
  readonly latency?: readonly [there: number, back: number]
  /** Needed for a latency. */
  readonly clock?: Clock
}

/** How a path is cut: both ends see a FIN, or both see a reset. */
export type Cut = 'fin' | 'reset'

/** One end of a pair in memory, and the path from it to the other end. */
export interface MemoryTransport extends Transport {
  /** Bytes that have come to the other end. */
  readonly movedBytes: number
  /** Moves up to `count` bytes, and what follows them (FIN, the end), from this end to the other. Returns bytes moved. */
  deliver(count?: number): number
  /** Lets nothing through, FIN and reset included, until `release`. */
  hold(): void
  release(): void
  /** Cuts the connection, both ways, when so many bytes in all have come from this end to the other. */
  cutAfter(bytes: number, cut: Cut): void
}

/**
 * Two transports joined in memory: what one writes the other receives, in order, with TCP's manners (backpressure, half
 * closing, reset). For tests, and for two ends in one process.
 */
export function memoryPair(options: MemoryPairOptions = {}): [MemoryTransport, MemoryTransport] {
  const [there, back] = options.latency ?? [0, 0]
  const left = new MemoryEnd(options, there)
  const right = new MemoryEnd(options, back)
  left.join(right)
  right.join(left)
  return [left, right]
}
