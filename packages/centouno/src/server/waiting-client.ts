import type { Duplex } from 'node:stream'
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
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [early]
    let held = 0
    const received = (chunk: Uint8Array): void => {
      chunks.push(chunk)
      held += chunk.length
      if (held >= heldBytes) stream.pause()
    }
    const ended = (): void => leaving.abort(new DOMException('The client has ended the connection.', 'AbortError'))
    const closed = (): void => {
      stop()
      ended()
      resolve({ kind: 'gone' })
    }
    const deadline = setTimeout(() => {
      stop()
      leaving.abort(new DOMException('The decision took longer than authorizeTimeout.', 'TimeoutError'))
      resolve({ kind: 'late' })
    }, timeout)
    deadline.unref()
    const stop = (): void => {
      clearTimeout(deadline)
      stream.off('data', received)
      stream.off('end', ended)
      stream.off('close', closed)
      stream.pause()
    }
    stream.on('data', received)
    stream.on('end', ended)
    stream.on('close', closed)
    stream.resume()
    deciding.then(
      (decision) => {
        stop()
        if (stream.destroyed) resolve({ kind: 'gone' })
        else resolve({ kind: 'decided', decision, early: held === 0 ? early : Buffer.concat(chunks) })
      },
      (error: unknown) => {
        stop()
        reject(error)
      },
    )
    // Its events have gone by.
    if (stream.destroyed) closed()
  })
}
