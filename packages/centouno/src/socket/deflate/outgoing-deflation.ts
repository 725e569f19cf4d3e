import { type Message, messageCost } from '../inbox.ts'
import { handled } from '../handled.ts'

/** Where a message goes that is compressed on the thread pool. */
export interface DeflationSink {
  /** Compresses; `done` is called once, later. */
  deflateLater(message: Message, done: (payload: Uint8Array | undefined) => void): void
  /** Sends the message: by its payload, or as it is. Resolves when there is room for another. */
  transmitDeflated(message: Message, payload: Uint8Array | undefined): Promise<void>
  /** The next message may go. */
  deflationOver(deflation: OutgoingDeflation): void
}

/** A large message on its way out, while it is being compressed. What is sent after it waits. */
export class OutgoingDeflation {
  /** As what `send` returns. */
  readonly done: Promise<void>
  readonly #sink: DeflationSink
  #message: Message | undefined
  #resolve: ((room: Promise<void>) => void) | undefined
  #reject: ((error: Error) => void) | undefined

  /** @param message not to be changed from here on */
  constructor(sink: DeflationSink, message: Message) {
    this.#sink = sink
    this.#message = message
    this.done = handled(
      new Promise((resolve, reject) => {
        this.#resolve = resolve
        this.#reject = reject
      }),
    )
  }

  get isOver(): boolean {
    return this.#message === undefined
  }

  get heldBytes(): number {
    return this.#message === undefined ? 0 : messageCost(this.#message)
  }

  begin(): void {
    if (this.#message !== undefined) this.#sink.deflateLater(this.#message, (payload) => this.#send(payload))
  }

  /** It must go now, and goes as it is. */
  hurry(): void {
    this.#send(undefined)
  }

  stop(error: Error): void {
    if (this.#message === undefined) return
    this.#message = undefined
    this.#reject?.(error)
    this.#sink.deflationOver(this)
  }

  #send(payload: Uint8Array | undefined): void {
    const message = this.#message
    if (message === undefined) return
    this.#message = undefined
    this.#resolve?.(this.#sink.transmitDeflated(message, payload))
    this.#sink.deflationOver(this)
  }
}
