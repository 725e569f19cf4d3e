import type { Closing } from '../protocol/connection/closing.ts'
import type { Consumer } from './consumer.ts'
import { isPromiseLike, reportFailure, whenRejected } from './handler-outcome.ts'
import { Inbox, type Incoming, isWhole, type Message } from './inbox.ts'
import { IncomingStream, type IncomingStreamOwner } from './incoming-stream.ts'
import type { MessageStream } from './message-stream.ts'
import { Readers } from './readers.ts'
import { SocketClosedError, SocketInputError } from './socket-errors.ts'

/** Whom a delivery tells about itself. */
export interface DeliveryOwner {
  /** False from the first Close on: nothing more can be sent. */
  readonly sends: boolean
  /** The peer does not read what is sent to it: what it asks for has to wait. */
  readonly outputFull: boolean
  /** Runs `deliver` as one, at one time, and then looks again at how much is held. */
  gathered(deliver: () => void): void
  /** Something that was held was taken. */
  taken(): void
  /** A handler failed; the delivery has already stopped. */
  handlerFailed(): void
}

/** Where nothing has ever had to wait, as on most sockets: nothing is put in there. */
const empty = new Inbox()

/** Brings messages from the connection to whoever reads them: one consumer, or iterators, or nobody yet. */
export class Delivery implements IncomingStreamOwner {
  readonly #owner: DeliveryOwner
  readonly #streams: boolean
  readonly #collects: number
  #inbox = empty
  // Made by the first that iterates.
  #readers: Readers | undefined
  #consumer: Consumer | undefined
  #iterated = false
  /** A handler is running, or the promise it returned has not settled, or the stream it was given is being read. */
  #busy = false
  #stopped = false
  #closing: Closing | undefined
  #closedTold = false
  /** Bytes that streams hold. */
  #streamBytes = 0
  /** The message that is arriving in pieces. */
  #arriving: IncomingStream | undefined
  /** The one that was given out last. */
  #given: IncomingStream | undefined

  /**
   * @param streams some messages come as streams: they go to the `stream` handler, or to `nextStream`
   * @param collects bytes that a reader of a stream collects unless told otherwise
   */
  constructor(owner: DeliveryOwner, streams: boolean, collects: number) {
    this.#owner = owner
    this.#streams = streams
    this.#collects = collects
  }

  get heldBytes(): number {
    return this.#inbox.heldBytes + this.#streamBytes
  }

  push(message: Incoming): void {
    if (this.#stopped) return
    if (this.#inbox.length > 0 || this.#waits()) {
      if (!this.#unwanted()) this.#keep(message)
    } else if (this.#readers?.give(message) !== true) {
      this.#hand(this.#consumer as Consumer, message)
      this.#tellEnd()
    }
  }

  #keep(message: Incoming): void {
    if (this.#inbox === empty) this.#inbox = new Inbox()
    this.#inbox.push(message)
  }

  /** A message begins that comes in pieces. */
  beginStream(kind: 'text' | 'binary', bytes: Uint8Array): void {
    if (this.#stopped || this.#unwanted()) return
    const stream = new IncomingStream(kind, this, this.#collects)
    stream.push(bytes, false)
    this.#arriving = stream
    this.push(stream)
  }

  continueStream(bytes: Uint8Array, last: boolean): void {
    const stream = this.#arriving
    if (last) this.#arriving = undefined
    stream?.push(bytes, last)
  }

  /** Nothing more of it will be given out. */
  breakStream(): void {
    this.#arriving?.fail(new SocketClosedError('Reading the message to its end', this.#closing))
    this.#arriving = undefined
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

  dropped(count: number): void {
    this.#guard((consumer) => consumer.dropped?.(count))
  }

  end(closing: Closing): void {
    this.#closing = closing
    this.breakStream()
    this.#given?.release()
    this.#tell((consumer) => consumer.ended?.(closing))
    this.resume()
    this.#tellEnd()
    this.#readers?.end(closing)
  }

  /** Goes on with what waits, where it can. */
  resume(): void {
    if (this.#inbox.length > 0) this.#drain()
  }

  consume(consumer: Consumer): void {
    if (this.#consumer || this.#iterated) {
      throw new SocketInputError(
        'ALREADY_READ',
        'The messages of this socket already go elsewhere. Use either one consumer, or iteration.',
      )
    }
    if (this.#streams && consumer.message && !consumer.stream) {
      throw new SocketInputError('STREAMS', 'This socket gives messages as streams: add a handler `stream` for them.')
    }
    this.#consumer = consumer
    this.#open(consumer)
    this.#drain()
  }

  /** Used by the iterator: the next message, or the end. */
  async next(): Promise<IteratorResult<Message, undefined>> {
    if (this.#streams) {
      throw new SocketInputError('STREAMS', 'This socket gives messages as streams: iterate `socket.streams()`.')
    }
    // Without streams, nothing that arrives is one.
    return this.#next() as Promise<IteratorResult<Message, undefined>>
  }

  /** The same, with every message as a stream. What is left of the one before is thrown away. */
  async nextStream(): Promise<IteratorResult<MessageStream, undefined>> {
    this.#given?.discard()
    const { done, value } = await this.#next()
    if (done === true) return { done, value }
    this.#given = isWhole(value) ? this.#asStream(value) : value
    return { done: false, value: this.#given.message }
  }

  held(change: number): void {
    this.#streamBytes += change
    if (change < 0) this.#owner.taken()
  }

  #next(): Promise<IteratorResult<Incoming, undefined>> {
    if (this.#takesMessages(this.#consumer)) {
      throw new SocketInputError(
        'ALREADY_READ',
        'The messages of this socket go to its handlers and cannot be iterated.',
      )
    }
    this.#iterated = true
    const readers = (this.#readers ??= new Readers())
    const result = readers.next()
    if (this.#inbox.length === 0) {
      if (this.#closing) readers.end(this.#closing)
    } else if (!this.#owner.outputFull) {
      readers.give(this.#inbox.shift() as Incoming)
      this.#owner.taken()
    }
    return result
  }

  #drain(): void {
    this.#owner.gathered(() => {
      while (!this.#waits()) {
        const message = this.#inbox.shift()
        if (message === undefined) break
        if (this.#readers?.give(message) !== true) this.#hand(this.#consumer as Consumer, message)
      }
      if (this.#unwanted()) this.#inbox.clear()
      this.#tellEnd()
    })
  }

  /** True when a message can be given to nobody at the moment. */
  #waits(): boolean {
    if (this.#stopped || this.#owner.outputFull) return true
    if (this.#readers !== undefined && this.#readers.length > 0) return false
    return this.#busy || !this.#takesMessages(this.#consumer)
  }

  #takesMessages(consumer: Consumer | undefined): boolean {
    return consumer !== undefined && (consumer.message !== undefined || consumer.stream !== undefined)
  }

  /** True when nobody will ever take a message: there is no handler for them, and `open` began no iteration. */
  #unwanted(): boolean {
    return this.#consumer !== undefined && !this.#takesMessages(this.#consumer) && !this.#busy && !this.#iterated
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

  #hand(consumer: Consumer, message: Incoming): void {
    if (!isWhole(message) || !consumer.message) {
      this.#handStream(consumer, isWhole(message) ? this.#asStream(message) : message)
      return
    }
    this.#busy = true
    try {
      if (this.#waitsFor(consumer.message(message))) return
    } catch (error) {
      this.#fail(error)
    }
    this.#busy = false
  }

  #handStream(consumer: Consumer, stream: IncomingStream): void {
    this.#busy = true
    this.#given = stream
    try {
      if (this.#waitsFor(consumer.stream?.(stream.message), stream)) return
    } catch (error) {
      this.#fail(error)
      stream.discard()
    }
    this.#busy = stream.leave(() => this.#free())
  }

  #asStream(message: Message): IncomingStream {
    return IncomingStream.of(message, this, this.#collects)
  }

  /** Keeps the delivery busy until a handler's promise has settled; false when it returned none. */
  #waitsFor(pending: unknown, stream?: IncomingStream): boolean {
    if (!isPromiseLike(pending)) return false
    pending.then(
      () => this.#left(stream),
      (error: unknown) => {
        this.#fail(error)
        stream?.discard()
        this.#free()
      },
    )
    return true
  }

  /** A handler's promise has settled; the stream that it was given may still be read. */
  #left(stream: IncomingStream | undefined): void {
    if (stream?.leave(() => this.#free()) !== true) this.#free()
  }

  #free(): void {
    this.#busy = false
    this.#drain()
  }

  /** Tells what nothing waits for. */
  #guard(tell: (consumer: Consumer) => unknown): void {
    if (!this.#consumer || this.#stopped) return
    try {
      whenRejected(tell(this.#consumer), (error) => this.#fail(error))
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
      this.#arriving?.discard()
      this.#owner.handlerFailed()
    }
    reportFailure(this.#consumer, error)
  }

  #tellEnd(): void {
    const consumer = this.#consumer
    if (!consumer || !this.#closing || this.#busy || this.#closedTold) return
    if (this.#takesMessages(consumer) && this.#inbox.length > 0) return
    this.#closedTold = true
    const closing = this.#closing
    this.#tell((told) => told.closed(closing))
  }

  /** Tells of the end, whatever became of the handlers before. */
  #tell(tell: (consumer: Consumer) => void): void {
    if (!this.#consumer) return
    try {
      tell(this.#consumer)
    } catch (error) {
      reportFailure(this.#consumer, error)
    }
  }
}
