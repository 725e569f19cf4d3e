import { MessageStream } from './message-stream.ts'
import { Queue } from './queue.ts'
import { StreamError } from './socket-errors.ts'

/** Whom a stream tells about itself. */
export interface IncomingStreamOwner {
  /** How many bytes it holds has changed. */
  held(change: number): void
}

interface Reader {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void
  readonly reject: (error: Error) => void
}

const textEncoder = new TextEncoder()

/**
 * The pieces of one message between the connection, which brings them, and the application, which takes them. What is
 * not taken is held; the owner sees to it that reading stops before that becomes much.
 */
export class IncomingStream {
  /** The application's side of it. */
  readonly message: MessageStream
  readonly #owner: IncomingStreamOwner
  readonly #pieces = new Queue<Uint8Array>()
  readonly #readers: Reader[] = []
  /** No more pieces will come. */
  #complete = false
  #error: Error | undefined
  #discarded = false
  /** Somebody has begun to read it. */
  #touched = false
  /** Waits for the end of it. */
  #over: (() => void) | undefined

  /** @param limit bytes that `text()` and `bytes()` collect unless told otherwise */
  constructor(kind: 'text' | 'binary', owner: IncomingStreamOwner, limit: number) {
    this.#owner = owner
    this.message = new MessageStream(kind, this, limit)
  }

  /** A message that came whole, for readers who want all of them as streams. */
  static of(message: string | Uint8Array, owner: IncomingStreamOwner, limit: number): IncomingStream {
    const isText = typeof message === 'string'
    const stream = new IncomingStream(isText ? 'text' : 'binary', owner, limit)
    stream.push(isText ? textEncoder.encode(message) : message, true)
    return stream
  }

  /** Nothing of it is waited for any more: it was read to its end, or it was left, or it broke off. */
  get isOver(): boolean {
    return this.#discarded || this.#error !== undefined || (this.#complete && this.#pieces.length === 0)
  }

  push(bytes: Uint8Array, last: boolean): void {
    if (this.#complete || this.#discarded) return
    this.#complete = last
    if (bytes.length > 0) this.#give(bytes)
    if (last) this.#settle()
  }

  /** No more will come of it. What has come can still be read, then the error is told. */
  fail(error: Error): void {
    if (this.#complete) return
    this.#complete = true
    this.#error = error
    this.#settle()
  }

  /** Throws away what is left of it, and what is still to come. */
  discard(): void {
    if (this.isOver && this.#pieces.length === 0) return
    this.#discarded = true
    for (const piece of this.#pieces.takeAll()) this.#owner.held(-piece.length)
    this.#settle()
  }

  /** The next piece, or the end. */
  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#touched = true
    return new Promise((resolve, reject) => {
      const piece = this.#pieces.shift()
      if (piece === undefined) {
        this.#readers.push({ resolve, reject })
      } else {
        resolve({ done: false, value: piece })
        this.#owner.held(-piece.length)
      }
      this.#settle()
    })
  }

  /**
   * The handler is done with it. What nobody has begun to read by then is thrown away. True when somebody is reading
   * still: then `over` is called when that has come to its end.
   */
  leave(over: () => void): boolean {
    if (!this.#touched) this.discard()
    if (this.isOver) return false
    this.#over = over
    return true
  }

  /** The connection has ended: nobody needs to wait for whoever reads the rest. */
  release(): void {
    const over = this.#over
    this.#over = undefined
    over?.()
  }

  #give(piece: Uint8Array): void {
    const reader = this.#readers.shift()
    if (reader) {
      reader.resolve({ done: false, value: piece })
    } else {
      this.#pieces.push(piece)
      this.#owner.held(piece.length)
    }
  }

  #settle(): void {
    if ((this.#complete || this.#discarded) && this.#pieces.length === 0) {
      for (const reader of this.#readers.splice(0)) this.#end(reader)
    }
    if (this.isOver) this.release()
  }

  #end({ resolve, reject }: Reader): void {
    if (this.#discarded) reject(new StreamError('STREAM_DISCARDED'))
    else if (this.#error) reject(this.#error)
    else resolve({ done: true, value: undefined })
  }
}
