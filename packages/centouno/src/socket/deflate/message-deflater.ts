import { constants, deflateRaw } from 'node:zlib'
import { withoutTail } from '../../protocol/deflate/empty-block.ts'
import type { CompressionOptions } from './compression-options.ts'
import { type ContextHolder, type ContextPool, deflaterBytes, neverUsed } from './context-pool.ts'
import type { DeflateShape, RawDeflater } from './raw-context.ts'
import { rawDeflater } from './raw-zlib.ts'

/** Up to so many bytes are compressed at once; beyond, on the thread pool. */
export const deflatedAtOnce: number = 32 * 1024

/**
 * Compresses the messages for one peer (RFC 7692 §7.2.1).
 *
 * With takeover the peer's window is what it has inflated so far, whichever context that came from. A context of our own
 * that has not seen all of it would point to the wrong bytes: so after any message that did not go through it, it is
 * reset, and what it sends then points only to what it has sent itself since.
 */
export class MessageDeflater implements ContextHolder {
  readonly shape: DeflateShape
  readonly contextBytes: number
  usedAt: number = neverUsed
  readonly #options: CompressionOptions
  readonly #pool: ContextPool
  readonly #takeover: boolean
  #own: RawDeflater | undefined
  /** The own context has what the peer has, up to its window. */
  #inStep = false
  /** A context is worth what it holds from the second message on. */
  #begun = false

  /** @param windowBits 8 is a window that zlib cannot compress with: then nothing is */
  constructor(pool: ContextPool, options: CompressionOptions, windowBits: number, takeover: boolean) {
    this.#pool = pool
    this.#options = options
    this.#takeover = takeover
    this.shape = {
      windowBits: Math.min(windowBits, options.windowBits),
      memoryLevel: options.memoryLevel,
      level: options.level,
    }
    this.contextBytes = deflaterBytes(this.shape)
  }

  /** Whether a message of so many bytes is to be compressed. */
  compresses(bytes: number, asked: boolean | undefined): boolean {
    if (this.shape.windowBits < leastShapeBits) return false
    return asked ?? bytes >= this.#options.threshold
  }

  /**
   * The payload of a message, valid until the next call of any deflater; undefined when it is shorter as it is.
   *
   * @param standsAlone no later message may build on it
   */
  deflate(message: Uint8Array, standsAlone: boolean): Uint8Array | undefined {
    const own = this.#takeover && this.#begun && !standsAlone ? this.#ownContext() : undefined
    this.#begun = true
    if (own === undefined) {
      this.sentOtherwise()
      return shorter(message, this.#pool.shared(this.shape).deflate(message))
    }
    if (!this.#inStep) own.reset()
    const payload = shorter(message, own.deflate(message))
    this.#inStep = payload !== undefined
    return payload
  }

  /** The same on the thread pool, in a context of its own. `done` is always called, later. */
  deflateLater(message: Uint8Array, done: (payload: Uint8Array | undefined) => void): void {
    this.sentOtherwise()
    const { windowBits, memoryLevel, level } = this.shape
    const options = { windowBits, memLevel: memoryLevel, level, finishFlush: constants.Z_SYNC_FLUSH }
    deflateRaw(message, options, (error, flushed) => done(error ? undefined : shorter(message, flushed)))
  }

  /** A compressed message went to the peer by another context: the own one is out of step. */
  sentOtherwise(): void {
    this.#inStep = false
  }

  contextLost(): void {
    this.#own?.close()
    this.#own = undefined
  }

  end(): void {
    this.#pool.release(this)
  }

  #ownContext(): RawDeflater | undefined {
    if (!this.#pool.use(this)) return undefined
    if (this.#own === undefined) {
      this.#own = rawDeflater(this.shape)
      // It has nothing that it could point to.
      this.#inStep = true
    }
    return this.#own
  }
}

/** The least window that zlib can compress a raw stream with. */
const leastShapeBits = 9

function shorter(message: Uint8Array, flushed: Uint8Array): Uint8Array | undefined {
  const payload = withoutTail(flushed)
  return payload.length < message.length ? payload : undefined
}
