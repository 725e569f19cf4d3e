import { type DeflateShape, type RawDeflater, rawDeflater } from './raw-zlib.ts'

/** Whoever has a context of its own: one connection. */
export interface ContextHolder {
  /** Its context is taken away: the next message stands on its own. */
  contextLost(): void
}

interface Context {
  readonly deflater: RawDeflater
  readonly key: string
  readonly bytes: number
  holder: ContextHolder
  /** The count of uses when it was last used. */
  usedAt: number
}

/** What a context holds besides its tables: zlib's state, Node's objects, and what the allocator adds. */
const fixedBytes = 16 * 1024

/** Node's zlib hashes with the processor's help, and then into a table of so many bits at least. */
const leastHashBits = 15

/** A context is taken from its holder for another only after so many uses, for each context there is, of others. */
const roundsUntilIdle = 4

const sweepInterval = 10_000

/**
 * The bytes of a context: a window and its chains of two bytes for each position in it, the heads of the chains, and what
 * gathers output.
 */
export function contextBytes({ windowBits, memoryLevel }: DeflateShape): number {
  const window = 2 * 2 ** windowBits
  const chains = 2 * 2 ** windowBits
  const heads = 2 * 2 ** Math.max(memoryLevel + 7, leastHashBits)
  const output = 4 * 2 ** (memoryLevel + 6)
  return window + chains + heads + output + fixedBytes
}

/**
 * Compressing contexts. One for each shape serves every connection, reset before each message. Others belong to one
 * connection each, which can then build on what it has sent; as nobody but the sender has to know (RFC 7692 §7.2.1), they
 * can be taken back at any time.
 */
export class DeflaterPool {
  /** Bytes that may be held. */
  readonly #allowed: () => number
  readonly #shared = new Map<string, RawDeflater>()
  /** The one that was used longest ago comes first. */
  readonly #owned = new Map<ContextHolder, Context>()
  #heldBytes = 0
  #uses = 0
  #usesAtSweep = 0
  #timer: NodeJS.Timeout | undefined

  constructor(allowed: () => number) {
    this.#allowed = allowed
  }

  /** Contexts that belong to one connection. */
  get size(): number {
    return this.#owned.size
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** The context for messages that stand on their own, reset. */
  shared(shape: DeflateShape): RawDeflater {
    const key = keyOf(shape)
    let deflater = this.#shared.get(key)
    if (deflater === undefined) {
      deflater = rawDeflater(shape)
      this.#shared.set(key, deflater)
      this.#heldBytes += contextBytes(shape)
    } else {
      deflater.reset()
    }
    return deflater
  }

  /** The holder's own context, or a new one, if there is room or one is idle; undefined if not. */
  own(holder: ContextHolder, shape: DeflateShape): RawDeflater | undefined {
    this.#uses += 1
    const context = this.#owned.get(holder) ?? this.#make(holder, shape)
    if (context === undefined) return undefined
    context.usedAt = this.#uses
    this.#owned.delete(holder)
    this.#owned.set(holder, context)
    return context.deflater
  }

  /** The holder needs its context no more. */
  release(holder: ContextHolder): void {
    const context = this.#owned.get(holder)
    if (context !== undefined) this.#close(context)
  }

  /** Releases contexts until no more is held than may be. */
  shrink(): void {
    for (const context of this.#owned.values()) {
      if (this.#heldBytes <= this.#allowed()) return
      this.#close(context)
    }
  }

  /** Releases contexts that were not used since the call before. */
  sweep(): void {
    for (const context of this.#owned.values()) {
      if (context.usedAt > this.#usesAtSweep) break
      this.#close(context)
    }
    this.#usesAtSweep = this.#uses
  }

  #make(holder: ContextHolder, shape: DeflateShape): Context | undefined {
    const key = keyOf(shape)
    const bytes = contextBytes(shape)
    if (this.#heldBytes + bytes > this.#allowed()) {
      const [oldest] = this.#owned.values()
      if (oldest === undefined || this.#uses - oldest.usedAt < roundsUntilIdle * this.#owned.size) return undefined
      if (oldest.key === key) return this.#passOn(oldest, holder)
      this.#close(oldest)
      if (this.#heldBytes + bytes > this.#allowed()) return undefined
    }
    const context = { deflater: rawDeflater(shape), key, bytes, holder, usedAt: 0 }
    this.#owned.set(holder, context)
    this.#heldBytes += bytes
    this.#timer ??= setInterval(() => this.sweep(), sweepInterval).unref()
    return context
  }

  #passOn(context: Context, holder: ContextHolder): Context {
    this.#owned.delete(context.holder)
    context.holder.contextLost()
    context.holder = holder
    context.deflater.reset()
    return context
  }

  #close({ deflater, bytes, holder }: Context): void {
    this.#owned.delete(holder)
    this.#heldBytes -= bytes
    holder.contextLost()
    deflater.close()
    if (this.#owned.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

function keyOf({ windowBits, memoryLevel, level }: DeflateShape): string {
  return `${windowBits}/${memoryLevel}/${level}`
}
