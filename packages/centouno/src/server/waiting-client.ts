import type { Duplex } from 'node:stream'
import { longestDelay } from '../transport/clock.ts'
import type { LazyAbort } from './lazy-abort.ts'

/** What a client waits on: its stream, and what has come of it behind the request's head. */
export interface WaitingClient {
  readonly stream: Duplex
  readonly early: Uint8Array
}

/** What came first: the decision, the end of the connection, or the end of patience. */
export type Waited<Decision> =
  | { readonly kind: 'decided'; readonly decision: Decision; readonly early: Uint8Array }
  | { readonly kind: 'gone' }
  | { readonly kind: 'late' }

/** Bytes that are read ahead while a client waits; what goes beyond stays with the system. One read of a Node socket. */
const heldBytes = 64 * 1024

/**
 * Waits for a decision on a client. Its stream is read meanwhile, within a bound, since a FIN is seen only by whoever
 * reads; what was read is handed over with the decision.
 *
 * The signal is aborted when the client has sent FIN or is gone, and when the time is up. After a FIN the decision is
 * still waited for: the client may be there to read the reply.
 *
 * @param timeout Milliseconds.
 * @throws What the decision rejects with, if that comes first.
 */
export function waitForDecision<Decision>(
  { stream, early }: WaitingClient,
  deciding: PromiseLike<Decision>,
  timeout: number,
  leaving: LazyAbort,
): Promise<Waited<Decision>> {
  const ended = (): void => leaving.abort(new DOMException('The client has ended the connection.', 'AbortError'))
  return new Promise((resolve, reject) => {
    const held = new HeldStream(stream, early)
    let over = false
    const settle = <Argument>(then: (argument: Argument) => void, argument: Argument): void => {
      // A decision may still come for a client that has been refused, or is gone.
      if (over) return
      over = true
      clearTimeout(deadline)
      held.release()
      stream.off('end', ended)
      stream.off('close', closed)
      then(argument)
    }
    const closed = (): void => {
      ended()
      settle(resolve, { kind: 'gone' })
    }
    const deadline = setTimeout(
      () => {
        leaving.abort(new DOMException('The decision took longer than authorizeTimeout.', 'TimeoutError'))
        settle(resolve, { kind: 'late' })
      },
      Math.min(timeout, longestDelay),
    )
    deadline.unref()
    stream.on('end', ended)
    stream.on('close', closed)
    deciding.then(
      (decision) =>
        settle(resolve, stream.destroyed ? { kind: 'gone' } : { kind: 'decided', decision, early: held.bytes }),
      (error: unknown) => settle(reject, error),
    )
    // Its events have gone by.
    if (stream.destroyed) closed()
  })
}

/** Reads a stream ahead, within a bound. */
class HeldStream {
  readonly #stream: Duplex
  readonly #chunks: Uint8Array[]
  #ahead = 0
  readonly #received = (chunk: Uint8Array): void => {
    // It has been answered, and whoever answered it reads it off: what comes is for nobody.
    if (this.#stream.writableEnded) return
    this.#chunks.push(chunk)
    this.#ahead += chunk.length
    if (this.#ahead >= heldBytes) this.#stream.pause()
  }

  constructor(stream: Duplex, early: Uint8Array) {
    this.#stream = stream
    this.#chunks = [early]
    stream.on('data', this.#received)
    stream.resume()
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#chunks)
  }

  /** Leaves the stream paused, with nobody listening for bytes; unless it has been answered, and is being read off. */
  release(): void {
    this.#stream.off('data', this.#received)
    if (!this.#stream.writableEnded) this.#stream.pause()
  }
}
