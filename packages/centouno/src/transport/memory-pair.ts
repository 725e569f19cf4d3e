import type { Transport, TransportListener } from './transport.ts'

/** How a pair in memory delivers. */
export interface MemoryPairOptions {
  /** True: nothing moves until `deliver` is called. Default false: bytes move on the next microtask. */
  readonly byHand?: boolean
  /** The most bytes handed over in one `received`, so that a test can cut a stream at every byte. Default: no bound. */
  readonly chunkBytes?: number
  /** Queued bytes from which `write` returns false. Default 16,384. */
  readonly mark?: number
}

/** One end of a pair in memory. */
export interface MemoryTransport extends Transport {
  /** Moves up to `count` bytes, and what follows them (FIN, the end), from this end to the other. Returns bytes moved. */
  deliver(count?: number): number
}

/**
 * Two transports joined in memory: what one writes the other receives, in order, with TCP's manners (backpressure, half
 * closing, reset). For tests, and for two ends in one process.
 */
export function memoryPair(options: MemoryPairOptions = {}): [MemoryTransport, MemoryTransport] {
  const left = new MemoryEnd(options)
  const right = new MemoryEnd(options)
  left.join(right)
  right.join(left)
  return [left, right]
}

class MemoryEnd implements MemoryTransport {
  readonly kind = 'memory'
  readonly #byHand: boolean
  readonly #chunkBytes: number
  readonly #mark: number
  readonly #queue: Uint8Array[] = []
  /** Itself until it is joined. */
  #peer: MemoryEnd = this
  #listener: TransportListener | undefined
  #queuedBytes = 0
  #movedBytes = 0
  #corks = 0
  #paused = false
  #scheduled = false
  #drainWanted = false
  /** This side has asked for FIN; the peer has been told of it. */
  #finishing = false
  #finished = false
  #closed = false

  constructor(options: MemoryPairOptions) {
    this.#byHand = options.byHand ?? false
    this.#chunkBytes = options.chunkBytes ?? Number.POSITIVE_INFINITY
    this.#mark = options.mark ?? 16_384
  }

  join(peer: MemoryEnd): void {
    this.#peer = peer
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  get progress(): number {
    return this.#movedBytes
  }

  start(listener: TransportListener): void {
    this.#listener = listener
    this.#peer.#schedule()
    this.#schedule()
  }

  write(bytes: Uint8Array): boolean {
    if (this.#closed || this.#finishing) return true
    if (bytes.length > 0) {
      this.#queue.push(bytes)
      this.#queuedBytes += bytes.length
    }
    this.#schedule()
    if (this.#queuedBytes < this.#mark) return true
    this.#drainWanted = true
    return false
  }

  cork(): void {
    this.#corks += 1
  }

  uncork(): void {
    if (this.#corks > 0) this.#corks -= 1
    this.#schedule()
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#peer.#schedule()
  }

  finish(): void {
    if (this.#closed) return
    this.#finishing = true
    this.#schedule()
  }

  abort(): void {
    if (this.#closed) return
    const peer = this.#peer
    this.#queue.length = 0
    this.#queuedBytes = 0
    this.#closed = true
    queueMicrotask(() => {
      this.#listener?.closed()
      peer.#reset()
    })
  }

  deliver(count: number = Number.POSITIVE_INFINITY): number {
    const peer = this.#peer
    if (!peer.#listener || this.#corks > 0) return 0
    let moved = 0
    while (moved < count && this.#queue.length > 0 && !peer.#paused && !peer.#closed && !this.#closed) {
      const first = this.#queue[0] as Uint8Array
      const length = Math.min(first.length, count - moved, this.#chunkBytes)
      if (length === first.length) this.#queue.shift()
      else this.#queue[0] = first.subarray(length)
      this.#queuedBytes -= length
      moved += length
      this.#movedBytes += length
      peer.#listener.received(first.subarray(0, length))
    }
    this.#afterDelivery(peer)
    return moved
  }

  #afterDelivery(peer: MemoryEnd): void {
    if (this.#closed || peer.#closed) return
    if (this.#drainWanted && this.#queuedBytes < this.#mark) {
      this.#drainWanted = false
      this.#listener?.drained()
    }
    if (!this.#finishing || this.#finished || this.#queue.length > 0 || peer.#paused) return
    this.#finished = true
    peer.#listener?.ended()
    if (!peer.#finished || this.#closed || peer.#closed) return
    this.#closed = true
    peer.#closed = true
    this.#listener?.closed()
    peer.#listener?.closed()
  }

  #schedule(): void {
    if (this.#byHand || this.#scheduled || this.#closed) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.deliver()
    })
  }

  #reset(): void {
    if (this.#closed) return
    this.#closed = true
    this.#queue.length = 0
    this.#queuedBytes = 0
    if (!this.#peer.#finished) {
      const error: Error & { code?: string } = new Error('The other end of the pair in memory was aborted.')
      error.code = 'ECONNRESET'
      this.#listener?.failed(error)
    }
    this.#listener?.closed()
  }
}
