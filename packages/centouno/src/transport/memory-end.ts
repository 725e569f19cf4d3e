import { type Clock, systemClock } from './clock.ts'
import type { Cut, MemoryPairOptions, MemoryTransport } from './memory-pair.ts'
import type { TransportListener } from './transport.ts'

interface Piece {
  readonly bytes: Uint8Array
  /** When it has come to the other end. */
  readonly due: number
}

/** One end of a pair in memory. */
export class MemoryEnd implements MemoryTransport {
  readonly kind = 'memory'
  readonly #byHand: boolean
  readonly #nextChunk: () => number
  readonly #mark: number
  readonly #latency: number
  readonly #clock: Clock
  readonly #queue: Piece[] = []
  /** Itself until it is joined. */
  #peer: MemoryEnd = this
  #listener: TransportListener | undefined
  #queuedBytes = 0
  #movedBytes = 0
  #corks = 0
  #paused = false
  #held = false
  #scheduled = false
  #drainWanted = false
  /** This side has asked for FIN, which comes to the peer at this time; the peer has been told of it. */
  #finishing = false
  #finDue = 0
  #finished = false
  #cutAt = Number.POSITIVE_INFINITY
  #cut: Cut = 'fin'
  /** The path is gone: FIN has been told on both sides, and nothing comes through any more. */
  #severed = false
  #closed = false

  constructor(options: MemoryPairOptions, latency: number) {
    const { chunkBytes = Number.POSITIVE_INFINITY } = options
    this.#byHand = options.byHand ?? false
    this.#nextChunk = typeof chunkBytes === 'function' ? chunkBytes : () => chunkBytes
    this.#mark = options.mark ?? 16_384
    this.#latency = latency
    this.#clock = options.clock ?? systemClock
  }

  join(peer: MemoryEnd): void {
    this.#peer = peer
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  get movedBytes(): number {
    return this.#movedBytes
  }

  get progress(): number {
    return this.#movedBytes
  }

  start(listener: TransportListener): void {
    this.#listener = listener
    this.#peer.#schedule()
    this.#schedule()
  }

  write(bytes: Uint8Array, start: number = 0, end: number = bytes.length): boolean {
    if (this.#closed || this.#finishing || this.#severed) return true
    if (end > start) {
      this.#queue.push({ bytes: bytes.subarray(start, end), due: this.#due() })
      this.#queuedBytes += end - start
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

  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
    this.#schedule()
  }

  cutAfter(bytes: number, cut: Cut): void {
    this.#cutAt = bytes
    this.#cut = cut
    this.#schedule()
  }

  finish(): void {
    if (this.#closed || this.#finishing) return
    this.#finishing = true
    this.#finDue = this.#due()
    if (this.#severed) queueMicrotask(() => this.#close())
    else this.#schedule()
  }

  abort(): void {
    if (this.#closed) return
    this.#clear()
    this.#closed = true
    queueMicrotask(() => {
      this.#listener?.closed()
      if (!this.#severed) this.#later(() => this.#peer.#reset())
    })
  }

  deliver(count: number = Number.POSITIVE_INFINITY): number {
    const peer = this.#peer
    if (!peer.#listener || this.#corks > 0) return 0
    let moved = 0
    while (moved < count && this.#movedBytes < this.#cutAt && this.#flows()) {
      const first = this.#queue[0]
      if (!first || !this.#hasCome(first.due)) break
      moved += this.#move(first, count - moved)
    }
    if (this.#movedBytes >= this.#cutAt && this.#flows()) this.#sever()
    this.#afterDelivery(peer)
    return moved
  }

  #flows(): boolean {
    return !this.#held && !this.#closed && !this.#severed && !this.#peer.#paused && !this.#peer.#closed
  }

  #hasCome(due: number): boolean {
    return this.#byHand || due <= this.#clock.now()
  }

  #move(first: Piece, most: number): number {
    const length = Math.min(first.bytes.length, most, this.#nextChunk(), this.#cutAt - this.#movedBytes)
    if (length === first.bytes.length) this.#queue.shift()
    else this.#queue[0] = { bytes: first.bytes.subarray(length), due: first.due }
    this.#queuedBytes -= length
    this.#movedBytes += length
    this.#peer.#listener?.received(first.bytes.subarray(0, length))
    return length
  }

  #afterDelivery(peer: MemoryEnd): void {
    if (this.#closed || peer.#closed) return
    if (this.#drainWanted && this.#queuedBytes < this.#mark) {
      this.#drainWanted = false
      this.#listener?.drained()
    }
    if (
      this.#finishing &&
      !this.#finished &&
      this.#queue.length === 0 &&
      this.#flows() &&
      this.#hasCome(this.#finDue)
    ) {
      this.#tellFin()
    }
    this.#schedule()
  }

  #tellFin(): void {
    const peer = this.#peer
    this.#finished = true
    peer.#listener?.ended()
    if (!peer.#finished || this.#closed || peer.#closed) return
    this.#close()
    peer.#close()
  }

  /** Sees to it that what is queued moves when it is due. */
  #schedule(): void {
    if (this.#byHand || this.#scheduled || this.#closed) return
    const due = this.#queue[0]?.due ?? (this.#finishing && !this.#finished ? this.#finDue : undefined)
    if (due === undefined && this.#movedBytes < this.#cutAt && !this.#drainWanted) return
    const wait = (due ?? 0) - this.#clock.now()
    const act = (): void => {
      this.#scheduled = false
      this.deliver()
    }
    if (wait <= 0 && !this.#canMove()) return
    this.#scheduled = true
    if (wait > 0) this.#clock.set(wait, act)
    else queueMicrotask(act)
  }

  /** Otherwise whatever is in the way schedules again when it goes. */
  #canMove(): boolean {
    return this.#flows() && this.#corks === 0 && this.#peer.#listener !== undefined
  }

  #due(): number {
    return this.#latency === 0 ? 0 : this.#clock.now() + this.#latency
  }

  #later(act: () => void): void {
    if (this.#latency === 0) act()
    else this.#clock.set(this.#latency, act)
  }

  #sever(): void {
    const ends = [this, this.#peer]
    if (this.#cut === 'reset') {
      for (const end of ends) end.#reset()
      return
    }
    for (const end of ends) {
      end.#clear()
      end.#severed = true
    }
    for (const end of ends) {
      const told = end.#peer.#finished
      end.#peer.#finished = true
      if (!told) end.#listener?.ended()
      if (end.#finishing) queueMicrotask(() => end.#close())
    }
  }

  #reset(): void {
    if (this.#closed) return
    this.#closed = true
    this.#clear()
    if (!this.#peer.#finished) {
      const error: Error & { code?: string } = new Error('The connection in memory was reset.')
      error.code = 'ECONNRESET'
      this.#listener?.failed(error)
    }
    this.#listener?.closed()
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#listener?.closed()
  }

  #clear(): void {
    this.#queue.length = 0
    this.#queuedBytes = 0
  }
}
