import type { Closing } from '../protocol/connection/closing.ts'
import { Inbox, type Message } from './inbox.ts'
import { SocketClosedError, SocketInputError } from './socket-errors.ts'

/** Handlers for what arrives on a socket. A handler that throws or rejects closes the socket with 1011. */
export interface Consumer {
  /** Called at once. While a returned promise is pending, messages wait. */
  open?(): void | Promise<void>
  /**
   * One message at a time, in order: when it returns a promise, the next message waits until that has settled. Without
   * this handler messages are for iteration, which `open` has to begin; if it has not when it is done, they are dropped.
   */
  message?(data: Message): void | Promise<void>
  /** The connection is over and every message has been handled. Called once, last. */
  closed(closing: Closing): void
  /** A Ping came; its Pong has been sent. Told at once, ahead of messages that still wait. */
  ping?(payload: Uint8Array): void
  pong?(payload: Uint8Array): void
  /** The peer's Close came: no more messages will. Told at once, ahead of messages that still wait. */
  closeReceived?(code: number, reason: string): void
  /** Another of these handlers failed. Default: a process warning. */
  failed?(error: unknown): void
}

/** Whom a delivery tells about itself. */
export interface DeliveryOwner {
  /** False from the first Close on: nothing more can be sent. */
  readonly sends: boolean
  /** Runs `deliver` so that what it sends leaves in one write, and then looks again at how much is held. */
  gathered(deliver: () => void): void
  /** A message was taken from the inbox. */
  taken(): void
  /** A handler failed; the delivery has already stopped. */
  handlerFailed(): void
}

interface Reader {
  readonly resolve: (result: IteratorResult<Message, undefined>) => void
  readonly reject: (error: Error) => void
}

/** Brings messages from the connection to whoever reads them: one consumer, or iterators, or nobody yet. */
export class Delivery {
  readonly #owner: DeliveryOwner
  readonly #inbox = new Inbox()
  readonly #readers: Reader[] = []
  #consumer: Consumer | undefined
  #iterated = false
  /** A handler is running, or the promise it returned has not settled. */
  #busy = false
  #stopped = false
  #closing: Closing | undefined
  #closedTold = false
  /** One reader has been told of an end that was not clean; to the others it is just the end. */
  #endThrown = false

  constructor(owner: DeliveryOwner) {
    this.#owner = owner
  }

  get heldBytes(): number {
    return this.#inbox.heldBytes
  }

  push(message: Message): void {
    if (this.#stopped) return
    const reader = this.#readers.shift()
    if (reader) {
      reader.resolve({ done: false, value: message })
    } else if (this.#consumer?.message && !this.#busy && this.#inbox.length === 0) {
      this.#hand(this.#consumer, message)
      this.#tellEnd()
    } else if (!this.#unwanted()) {
      this.#inbox.push(message)
    }
  }

  ping(payload: Uint8Array): void {
    this.#guard((consumer) => consumer.ping?.(payload))
  }

  pong(payload: Uint8Array): void {
    this.#guard((consumer) => consumer.pong?.(payload))
  }

  closeReceived(code: number, reason: string): void {
    this.#guard((consumer) => consumer.closeReceived?.(code, reason))
  }

  end(closing: Closing): void {
    this.#closing = closing
    this.#tellEnd()
    for (const reader of this.#readers.splice(0)) this.#endReader(reader)
  }

  consume(consumer: Consumer): void {
    if (this.#consumer || this.#iterated) {
      throw new SocketInputError(
        'ALREADY_READ',
        'The messages of this socket already go elsewhere. Use either one consumer, or iteration.',
      )
    }
    this.#consumer = consumer
    this.#open(consumer)
    this.#drain()
  }

  /** Used by the iterator: the next message, or the end. */
  next(): Promise<IteratorResult<Message, undefined>> {
    if (this.#consumer?.message) {
      throw new SocketInputError(
        'ALREADY_READ',
        'The messages of this socket go to its handlers and cannot be iterated.',
      )
    }
    this.#iterated = true
    return new Promise((resolve, reject) => {
      const message = this.#inbox.shift()
      if (message !== undefined) {
        resolve({ done: false, value: message })
        this.#owner.taken()
      } else if (this.#closing) {
        this.#endReader({ resolve, reject })
      } else {
        this.#readers.push({ resolve, reject })
      }
    })
  }

  #drain(): void {
    this.#owner.gathered(() => {
      for (;;) {
        const consumer = this.#consumer
        if (!consumer?.message || this.#busy || this.#stopped) break
        const message = this.#inbox.shift()
        if (message === undefined) break
        this.#hand(consumer, message)
      }
      if (this.#unwanted()) this.#inbox.clear()
      this.#tellEnd()
    })
  }

  /** True when nobody will ever take a message: there is no handler for them, and `open` began no iteration. */
  #unwanted(): boolean {
    return this.#consumer !== undefined && !this.#consumer.message && !this.#busy && !this.#iterated
  }

  #open(consumer: Consumer): void {
    this.#busy = true
    try {
      if (this.#waitsFor(consumer.open?.())) return
    } catch (error) {
      this.#fail(error)
    }
    this.#busy = false
  }

  #hand(consumer: Consumer, message: Message): void {
    this.#busy = true
    try {
      if (this.#waitsFor(consumer.message?.(message))) return
    } catch (error) {
      this.#fail(error)
    }
    this.#busy = false
  }

  /** Keeps the delivery busy until a handler's promise has settled; false when it returned none. */
  #waitsFor(pending: unknown): boolean {
    if (!isPromiseLike(pending)) return false
    pending.then(
      () => this.#free(),
      (error: unknown) => {
        this.#fail(error)
        this.#free()
      },
    )
    return true
  }

  #free(): void {
    this.#busy = false
    this.#drain()
  }

  #guard(tell: (consumer: Consumer) => void): void {
    if (!this.#consumer || this.#stopped) return
    try {
      tell(this.#consumer)
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    // A handler that was about to answer when the connection ended has not failed; `closed` tells of the end.
    if (error instanceof SocketClosedError && !this.#owner.sends) return
    if (!this.#stopped) {
      this.#stopped = true
      this.#inbox.clear()
      this.#owner.handlerFailed()
    }
    reportFailure(this.#consumer, error)
  }

  #tellEnd(): void {
    const consumer = this.#consumer
    if (!consumer || !this.#closing || this.#busy || this.#closedTold) return
    if (consumer.message && this.#inbox.length > 0) return
    this.#closedTold = true
    try {
      consumer.closed(this.#closing)
    } catch (error) {
      reportFailure(consumer, error)
    }
  }

  #endReader(reader: Reader): void {
    if (this.#closing?.clean || this.#endThrown) {
      reader.resolve({ done: true, value: undefined })
      return
    }
    this.#endThrown = true
    reader.reject(new SocketClosedError('Reading on', this.#closing))
  }
}

/** Tells a failure of a handler to the consumer, and to the process as a warning when the consumer does not listen. */
function reportFailure(consumer: Consumer | undefined, error: unknown): void {
  try {
    if (consumer?.failed) consumer.failed(error)
    else warnOfFailure(error)
  } catch (second) {
    warnOfFailure(second)
  }
}

/** A process warning carries the error to the log without ending the process, which an uncaught exception would. */
export function warnOfFailure(error: unknown): void {
  process.emitWarning(error instanceof Error ? (error.stack ?? error.message) : String(error), {
    type: 'WebSocketHandlerWarning',
    code: 'CENTOUNO_HANDLER_FAILED',
    detail: 'A handler of a WebSocket failed. Its socket was closed with 1011; pass `onError` to receive such errors.',
  })
}

/** Whether a handler returned something to wait for. Any thenable counts, as it does for `await`. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
