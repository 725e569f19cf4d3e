import type { DeflateShape, RawDeflater } from './raw-context.ts'
import { rawDeflater } from './raw-zlib.ts'

/** Whoever has a context of its own, or would have one: one direction of one connection. */
export interface ContextHolder {
  /** What the context takes. */
  readonly contextBytes: number
  /** The count of all uses when it asked last; kept by the pool. `neverUsed` at first. */
  usedAt: number
  /** The context is taken away, and has to be closed. */
  contextLost(): void
}

/** Of a holder that has not asked. */
export const neverUsed: number = Number.NEGATIVE_INFINITY

/** What a deflating context holds besides its tables: zlib's state, Node's objects, and what the allocator adds. */
const fixedDeflaterBytes = 16 * 1024

/** The same of an inflating one. */
const fixedInflaterBytes = 12 * 1024

/** Node's zlib hashes with the processor's help, and then into a table of so many bits at least. */
const leastHashBits = 15

/** A context is taken from its holder for another who asks so many times as often. */
const timesAsOften = 4

const sweepInterval = 10_000

/**
 * The bytes of a deflating context: a window and its chains of two bytes for each position in it, the heads of the chains,
 * and what gathers output.
 */
export function deflaterBytes({ windowBits, memoryLevel }: DeflateShape): number {
  const window = 2 * 2 ** windowBits
  const chains = 2 * 2 ** windowBits
  const heads = 2 * 2 ** Math.max(memoryLevel + 7, leastHashBits)
  const output = 4 * 2 ** (memoryLevel + 6)
  return window + chains + heads + output + fixedDeflaterBytes
}

/** The bytes of an inflating context: hardly more than its window. */
export function inflaterBytes(windowBits: number): number {
  return 2 ** windowBits + fixedInflaterBytes
}

/**
 * Decides who may have a context of zlib. One for each shape serves every connection, reset before each message. Others
 * belong to one direction of one connection each; as nobody but their holder needs them, they can be taken back at any
 * time.
 */
export class ContextPool {
  /** Bytes that may be held. */
  readonly #allowed: () => number
  readonly #shared = new Map<string, RawDeflater>()
  /** The one that asked longest ago comes first. */
  readonly #holders = new Set<ContextHolder>()
  #heldBytes = 0
  #uses = 0
  #usesAtSweep = 0
  #timer: NodeJS.Timeout | undefined

  constructor(allowed: () => number) {
    this.#allowed = allowed
  }

  /** Contexts that have a holder. */
  get size(): number {
    return this.#holders.size
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** The context for messages that stand on their own, reset. */
  shared(shape: DeflateShape): RawDeflater {
    const key = `${shape.windowBits}/${shape.memoryLevel}/${shape.level}`
    let deflater = this.#shared.get(key)
    if (deflater === undefined) {
      deflater = rawDeflater(shape)
      this.#shared.set(key, deflater)
      this.#heldBytes += deflaterBytes(shape)
    } else {
      deflater.reset()
    }
    return deflater
  }

  /** A holder is about to use a context: true when it may go on having one, or make one now. */
  use(holder: ContextHolder): boolean {
    const since = this.#uses - holder.usedAt
    this.#uses += 1
    holder.usedAt = this.#uses
    if (this.#holders.delete(holder)) {
      this.#holders.add(holder)
      return true
    }
    if (!this.#makeRoom(holder.contextBytes, since)) return false
    this.#holders.add(holder)
    this.#heldBytes += holder.contextBytes
    this.#timer ??= setInterval(() => this.sweep(), sweepInterval).unref()
    return true
  }

  /** The holder needs its context no more. */
  release(holder: ContextHolder): void {
    if (this.#holders.has(holder)) this.#close(holder)
  }

  /** Closes contexts until no more is held than may be. */
  shrink(): void {
    for (const holder of this.#holders) {
      if (this.#heldBytes <= this.#allowed()) return
      this.#close(holder)
    }
  }

  /** Closes contexts that were not used since the call before. */
  sweep(): void {
    for (const holder of this.#holders) {
      if (holder.usedAt > this.#usesAtSweep) break
      this.#close(holder)
    }
    this.#usesAtSweep = this.#uses
  }

  /**
   * Where all are equally busy, nobody's is taken: the one who gets it would lose it before using it again, and to make a
   * context costs more than it saves then.
   *
   * @param since uses since the newcomer asked last
   */
  #makeRoom(bytes: number, since: number): boolean {
    for (const holder of this.#holders) {
      if (this.#heldBytes + bytes <= this.#allowed()) return true
      if (this.#uses - holder.usedAt < timesAsOften * Math.max(since, this.#holders.size)) return false
      this.#close(holder)
    }
    return this.#heldBytes + bytes <= this.#allowed()
  }

  #close(holder: ContextHolder): void {
    this.#holders.delete(holder)
    this.#heldBytes -= holder.contextBytes
    holder.contextLost()
    if (this.#holders.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
