import { ChunkEncoder } from './chunk-encoder.ts'
import { handled } from './handled.ts'
import type { SocketData } from './socket-arguments.ts'

/** How a message is sent as a stream. */
export interface SendStreamOptions {
  /** By default the first chunk decides: a string makes it text, bytes make it binary. */
  readonly kind?: 'text' | 'binary' | undefined
  /** Gives up: the promise rejects with the signal's reason. Once the message has begun, this closes the socket (1011). */
  readonly signal?: AbortSignal | undefined
}

/** Where a stream puts its message. */
export interface FragmentSink {
  /** Sends a fragment; resolves when there is room for another. Throws when the socket is not open. */
  fragment(kind: 'text' | 'binary', bytes: Uint8Array, last: boolean): Promise<void>
  /** A message that has begun cannot be finished. */
  breakOff(): void
  /** The next message may begin. */
  streamOver(stream: OutgoingStream): void
}

/** Long enough to be worth a header, short enough that a Ping or a Pong between two of them need not wait. */
const fragmentBytes = 64 * 1024

/**
 * A message on its way out whose chunks are taken from a source only as fast as the peer reads: no more than one chunk of
 * the source is held.
 */
export class OutgoingStream {
  /** Resolves when the message has been sent and there is room for more. Its rejection counts as handled. */
  readonly done: Promise<void>
  readonly #sink: FragmentSink
  readonly #source: AsyncIterable<SocketData>
  readonly #encoder: ChunkEncoder
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = (): void => this.stop(this.#signal?.reason)
  #resolve: (() => void) | undefined
  #reject: ((error: unknown) => void) | undefined
  #iterator: AsyncIterator<SocketData> | undefined
  #interrupt: ((error: unknown) => void) | undefined
  #state: 'waiting' | 'reading' | 'sending' | 'over' = 'waiting'

  constructor(sink: FragmentSink, source: AsyncIterable<SocketData>, { kind, signal }: SendStreamOptions) {
    this.#sink = sink
    this.#source = source
    this.#encoder = new ChunkEncoder(kind)
    this.#signal = signal
    this.done = handled(
      new Promise((resolve, reject) => {
        this.#resolve = resolve
        this.#reject = reject
      }),
    )
    if (signal?.aborted === true) this.#onAbort()
    else signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  get isOver(): boolean {
    return this.#state === 'over'
  }

  /** Its turn has come. */
  begin(): void {
    this.#state = 'reading'
    void this.#run()
  }

  /** Nothing more is sent. The source is told by way of its iterator's `return`. */
  stop(error: unknown): void {
    if (this.#state === 'over') return
    const begun = this.#state === 'sending'
    this.#over()
    this.#reject?.(error)
    this.#interrupt?.(error)
    this.#releaseSource()
    if (begun) this.#sink.breakOff()
    this.#sink.streamOver(this)
  }

  async #run(): Promise<void> {
    try {
      this.#iterator = this.#source[Symbol.asyncIterator]()
      for (;;) {
        const { done, value } = await this.#wait(this.#iterator.next())
        if (done === true) break
        await this.#send(this.#encoder.encode(value))
      }
      this.#iterator = undefined
      const rest = this.#encoder.end()
      const room = this.#sink.fragment(this.#encoder.kind, rest, true)
      this.#over()
      this.#sink.streamOver(this)
      room.then(this.#resolve, this.#reject)
    } catch (error) {
      this.stop(error)
    }
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += fragmentBytes) {
      const room = this.#sink.fragment(this.#encoder.kind, bytes.subarray(at, at + fragmentBytes), false)
      this.#state = 'sending'
      await this.#wait(room)
    }
  }

  /** Waits for the promise or for `stop`, whichever is first. A promise that never settles holds nothing up then. */
  #wait<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#interrupt = reject
      promise.then(resolve, reject)
    })
  }

  #over(): void {
    this.#state = 'over'
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }

  #releaseSource(): void {
    const iterator = this.#iterator
    this.#iterator = undefined
    // It may be busy, or fail: what it does with its resources from here on is its own matter.
    new Promise((resolve) => resolve(iterator?.return?.())).catch(() => undefined)
  }
}
