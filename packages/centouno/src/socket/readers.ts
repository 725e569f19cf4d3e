import type { Closing } from '../protocol/connection/closing.ts'
import type { Incoming } from './inbox.ts'
import { SocketClosedError } from './socket-errors.ts'

interface Reader {
  readonly resolve: (result: IteratorResult<Incoming, undefined>) => void
  readonly reject: (error: Error) => void
}

/** Iterators that wait for the next message: the one that has waited longest gets it. */
export class Readers {
  readonly #waiting: Reader[] = []
  /** One has been told of an end that was not clean; to the others it is just the end. */
  #endThrown = false

  get length(): number {
    return this.#waiting.length
  }

  next(): Promise<IteratorResult<Incoming, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
    })
  }

  /** False when nobody waits. */
  give(message: Incoming): boolean {
    const reader = this.#waiting.shift()
    reader?.resolve({ done: false, value: message })
    return reader !== undefined
  }

  end(closing: Closing): void {
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (closing.clean || this.#endThrown) {
        resolve({ done: true, value: undefined })
      } else {
        this.#endThrown = true
        reject(new SocketClosedError('Reading on', closing))
      }
    }
  }
}
