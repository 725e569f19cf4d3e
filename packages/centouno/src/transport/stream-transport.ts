import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Gathering } from './gathering.ts'
import { SharedReadingSocket } from './shared-reading.ts'
import { type StreamUser, userOf, useStream } from './stream-ends.ts'
import type { Transport, TransportListener } from './transport.ts'
import { type TurnEnding, whenTurnEnds } from './turn-end.ts'

/** So much is gathered before it leaves, end of the turn or not: the replies to one full read. */
const mostGathered = 64 * 1024

/**
 * Carries bytes over a Node stream: a `net.Socket` or a `tls.TLSSocket`. It takes the stream's errors from this call on,
 * whether or not it has been started.
 *
 * @param below The system's socket, where `stream` reaches it through streams that cannot tell how a write gets on.
 */
export function streamTransport(stream: Duplex, kind: 'tcp' | 'tls', below?: Socket): Transport {
  return new StreamTransport(stream, kind, below)
}

class StreamTransport implements Transport, TurnEnding, StreamUser {
  readonly kind: 'tcp' | 'tls'
  readonly #stream: Duplex
  readonly #below: Socket | undefined
  #listener: TransportListener | undefined
  /** `ended` or `failed` has been told: the contract allows one of them, once. */
  #overTold = false
  #closedTold = false
  #error: Error | undefined
  #writtenBytes = 0
  /** Made by the first write: many sockets only listen. */
  #gathering: Gathering | undefined
  #corks = 0
  /** The end of the turn is waited for. */
  #awaitsTurn = false
  /** The stream has not taken what it was given, and will tell when it has. */
  #full = false

  constructor(stream: Duplex, kind: 'tcp' | 'tls', below: Socket | undefined) {
    this.#stream = stream
    this.#below = below
    this.kind = kind
    useStream(stream, this)
  }

  // One for all streams, which are many.

  static #onDrain(this: Duplex): void {
    ;(userOf(this) as StreamTransport).#drained()
  }

  static #onEnd(this: Duplex): void {
    ;(userOf(this) as StreamTransport).ended()
  }

  get queuedBytes(): number {
    return this.#stream.writableLength + (this.#gathering?.length ?? 0)
  }

  get progress(): number {
    const below = this.#below
    if (below !== undefined) return below.bytesWritten - below.writableLength - bytesUnderWay(below)
    return this.#writtenBytes - this.#stream.writableLength - bytesUnderWay(this.#stream)
  }

  start(listener: TransportListener): void {
    const stream = this.#stream
    this.#listener = listener
    if (stream.destroyed || stream.closed) {
      // Its events have gone by. The listener is told after `start` has returned, as it would be otherwise.
      queueMicrotask(() => {
        const error = this.#error ?? stream.errored
        if (error) this.failed(error)
        this.closed()
      })
      return
    }
    if (stream instanceof SharedReadingSocket) {
      const held = stream.receiveBy(listener)
      // After `start` has returned, and before anything is read.
      if (held.length > 0) queueMicrotask(() => listener.received(held))
    } else {
      stream.on('data', (chunk: Uint8Array) => listener.received(chunk))
      stream.on('end', StreamTransport.#onEnd)
      if (stream.readableEnded) queueMicrotask(() => this.ended())
    }
    stream.on('drain', StreamTransport.#onDrain)
    // A head reader pauses the stream it hands over; a 'data' listener alone does not undo an explicit pause.
    stream.resume()
  }

  write(bytes: Uint8Array, start: number = 0, end: number = bytes.length): boolean {
    const gathering = (this.#gathering ??= new Gathering())
    gathering.add(bytes, start, end)
    if (gathering.length >= mostGathered) this.#flush()
    else if (this.#corks === 0 && !this.#awaitsTurn) this.#awaitTurn()
    return !this.#full
  }

  cork(): void {
    this.#corks += 1
  }

  uncork(): void {
    if (this.#corks > 0) this.#corks -= 1
    if (this.#corks === 0) this.#send()
  }

  turnEnds(): void {
    this.#awaitsTurn = false
    this.#send()
  }

  pause(): void {
    if (this.#stream instanceof SharedReadingSocket) this.#stream.hold(true)
    else this.#stream.pause()
  }

  resume(): void {
    if (this.#stream instanceof SharedReadingSocket) this.#stream.hold(false)
    else this.#stream.resume()
  }

  finish(): void {
    this.#flush()
    if (this.#stream.writable) this.#stream.end()
  }

  abort(): void {
    // What the system takes at once still leaves: a Close that says why.
    this.#flush()
    this.#stream.destroy()
  }

  #awaitTurn(): void {
    this.#awaitsTurn = true
    whenTurnEnds(this)
  }

  /** The same as `#flush` where nobody learns of a full stream from a `write`. */
  #send(): void {
    const full = this.#full
    this.#flush()
    if (this.#full && !full) this.#listener?.blocked()
  }

  #flush(): void {
    const gathering = this.#gathering
    if (gathering === undefined || gathering.length === 0) return
    const length = gathering.length
    const pieces = gathering.take()
    const stream = this.#stream
    if (!stream.writable) return
    this.#writtenBytes += length
    if (pieces.length > 1) stream.cork()
    let room = true
    for (const piece of pieces) room = stream.write(piece)
    if (pieces.length > 1) stream.uncork()
    // A stream also counts what the system has taken at once, until it has said so.
    if (!room && stream.writableLength > 0) this.#full = true
  }

  #drained(): void {
    if (!this.#full) return
    this.#full = false
    this.#listener?.drained()
  }

  ended(): void {
    if (this.#overTold) return
    this.#overTold = true
    this.#listener?.ended()
  }

  failed(error: Error): void {
    this.#error ??= error
    if (this.#overTold || !this.#listener) return
    this.#overTold = true
    this.#listener.failed(error)
  }

  closed(): void {
    if (this.#closedTold || !this.#listener) return
    this.#closedTold = true
    this.#listener.closed()
  }
}

/**
 * What the system has not taken yet of the write that it is working on. A stream counts a write as a whole, so without
 * this a large one to a slow peer would look as if nothing moved. Node knows it in its handles (for TLS in the one below),
 * by names that it does not document but uses for its own timeouts; where they are missing only whole writes show.
 */
function bytesUnderWay(stream: Duplex & { readonly _handle?: StreamHandle | null }): number {
  const handle = stream._handle
  return handle?._parent?.writeQueueSize ?? handle?.writeQueueSize ?? 0
}

interface StreamHandle {
  readonly writeQueueSize?: number
  readonly _parent?: StreamHandle
}
