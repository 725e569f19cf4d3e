import type { DeflateMeans } from '../../protocol/deflate/negotiation.ts'
import { leastWindowBits } from '../../protocol/deflate/parameters.ts'
import { SocketInputError } from '../socket-errors.ts'
import type { CompressionOptions } from './compression-options.ts'
import { ContextPool } from './context-pool.ts'

/** What compression may hold in this process, and does. */
export interface Compression {
  /**
   * Bytes that compression may hold for all connections together, between messages: the windows kept for what peers send,
   * and the contexts that inflate it, and that compress what is sent to them. New connections get smaller windows as it fills, and none when it is full:
   * they still compress, but each message stands on its own. Contexts go to the connections that use them most, and are
   * released when they are idle. Default 32 MiB.
   */
  budget: number
  /** Bytes held: at most `budget`, unless it was lowered. */
  readonly held: number
  /** Those of them that are set aside for peers' windows, filled or not. */
  readonly windows: number
  /** Connections for which a window is set aside. */
  readonly windowCount: number
  /** Contexts of one direction of one connection each. */
  readonly contextCount: number
}

/** Room for the contexts of some two hundred busy connections; and a thousand that were used stay below 40 KiB each. */
const defaultBudget = 32 * 1024 * 1024

/** Windows cannot be taken back, and must leave room for contexts, which can. */
const shareOfWindows = 0.5

/** One connection gets at most this part of the room that is left for windows, so that there is some for those to come. */
const shareOfOne = 1 / 256

/** The account of what compression holds, and of who gets it. */
export class CompressionBudget implements Compression {
  readonly #pool: ContextPool
  #budget: number
  #windows = 0
  #windowCount = 0

  constructor(budget: number) {
    this.#budget = budget
    this.#pool = new ContextPool(() => this.#budget - this.#windows)
  }

  get budget(): number {
    return this.#budget
  }

  set budget(bytes: number) {
    if (typeof bytes !== 'number' || !(bytes >= 0)) {
      throw new SocketInputError(
        'MEMORY_LIMIT',
        `compression.budget must be a number of bytes, 0 or more, not ${String(bytes)}.`,
      )
    }
    this.#budget = bytes
    this.#pool.shrink()
  }

  get held(): number {
    return this.#windows + this.#pool.heldBytes
  }

  get windows(): number {
    return this.#windows
  }

  get windowCount(): number {
    return this.#windowCount
  }

  get contextCount(): number {
    return this.#pool.size
  }

  get pool(): ContextPool {
    return this.#pool
  }

  /** What there is for one more connection. */
  means({ windowBits, takeover, peerTakeover, peerWindowBits }: CompressionOptions): DeflateMeans {
    const room = (this.#budget * shareOfWindows - this.#windows) * shareOfOne
    const affordable = Math.floor(Math.log2(Math.max(1, room)))
    const keepWindowBits = Math.min(peerWindowBits, affordable)
    return {
      sendWindowBits: windowBits,
      sendTakeover: takeover && this.#budget > 0,
      keepWindowBits: peerTakeover && keepWindowBits >= leastWindowBits ? keepWindowBits : 0,
    }
  }

  /** Sets a peer's window aside, until what is returned is called. */
  keepWindow(windowBits: number): () => void {
    const bytes = 2 ** windowBits
    this.#windows += bytes
    this.#windowCount += 1
    this.#pool.shrink()
    return () => {
      this.#windows -= bytes
      this.#windowCount -= 1
    }
  }
}

/** Of this process. */
export const processCompression: CompressionBudget = new CompressionBudget(defaultBudget)

/** Of this process; the sockets' users' side of it. */
export const compression: Compression = processCompression
