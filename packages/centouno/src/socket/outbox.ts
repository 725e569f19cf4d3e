import { type DeflationSink, OutgoingDeflation } from './deflate/outgoing-deflation.ts'
import { type Message, messageCost } from './inbox.ts'
import { handled } from './handled.ts'
import type { Outflow } from './outflow.ts'
import type { OutgoingBudget } from './outgoing-budget.ts'
import { type FragmentSink, OutgoingStream, type SendStreamOptions } from './outgoing-stream.ts'
import { Queue } from './queue.ts'
import type { SocketData } from './socket-arguments.ts'
import { SendBudgetError, SocketClosedError } from './socket-errors.ts'

/** What an outbox needs of its socket. */
export interface OutboxOwner extends Omit<FragmentSink, 'streamOver'>, Omit<DeflationSink, 'deflationOver'> {
  readonly outflow: Outflow
  /** Sends a message, compressed or not; resolves when there is room for another. */
  transmit(message: Message, compress: boolean | undefined): Promise<void>
  /** Fails the connection for a peer that reads too slowly. */
  failForBudget(): void
  /** Messages were given to `send` and are not sent. */
  dropped(count: number): void
}

/** A message that waits for a stream before it. */
interface WaitingMessage {
  readonly message: Message
  readonly compress: boolean | undefined
  readonly resolve: (room: Promise<void>) => void
  readonly reject: (error: Error) => void
}

/** What a stream that waits for its turn costs to hold. */
const streamCost = 1024

/** What nothing else may go out in between of, or before. */
type Occupant = OutgoingStream | OutgoingDeflation

/**
 * Messages that cannot go out at once, because the peer reads too slowly or because another message is being sent as a
 * stream. Here is decided who waits, and for whom there is no room.
 */
export class Outbox {
  readonly #owner: OutboxOwner
  readonly #budget: OutgoingBudget
  readonly #sink: FragmentSink & DeflationSink
  /** What waits for the stream that is being sent. */
  readonly #line = new Queue<WaitingMessage | Occupant>()
  #lineBytes = 0
  #stream: Occupant | undefined

  constructor(owner: OutboxOwner, budget: OutgoingBudget) {
    this.#owner = owner
    this.#budget = budget
    this.#sink = {
      fragment: (kind, bytes, last) => owner.fragment(kind, bytes, last),
      breakOff: () => owner.breakOff(),
      streamOver: (stream) => this.#streamOver(stream),
      deflateLater: (message, done) => owner.deflateLater(message, done),
      transmitDeflated: (message, payload) => owner.transmitDeflated(message, payload),
      deflationOver: (deflation) => this.#streamOver(deflation),
    }
  }

  /** A message is being sent as a stream, or is being compressed: nothing else may begin. */
  get isStreaming(): boolean {
    return this.#stream !== undefined
  }

  /** Bytes that wait for a stream to end. */
  get bytes(): number {
    return this.#lineBytes + (this.#stream instanceof OutgoingDeflation ? this.#stream.heldBytes : 0)
  }

  send(message: Message, compress: boolean | undefined): Promise<void> {
    const refusal = this.#admit()
    if (refusal) return handled(Promise.reject(refusal))
    if (!this.#stream) return this.#owner.transmit(message, compress)
    // The caller may use its bytes again.
    const kept = typeof message === 'string' ? message : message.slice()
    this.#lineBytes += messageCost(kept)
    return handled(
      new Promise((resolve, reject) => {
        this.#line.push({ message: kept, compress, resolve, reject })
      }),
    )
  }

  sendStream(source: AsyncIterable<SocketData>, options: SendStreamOptions): Promise<void> {
    const refusal = this.#admit()
    if (refusal) return handled(Promise.reject(refusal))
    const stream = new OutgoingStream(this.#sink, source, options)
    if (stream.isOver) return stream.done
    return this.#enter(stream)
  }

  /** Sends a message that takes long to compress. Whether there is room for it has been asked. */
  sendDeflated(message: Message): Promise<void> {
    // The caller may use its bytes again.
    return this.#enter(new OutgoingDeflation(this.#sink, typeof message === 'string' ? message : message.slice()))
  }

  /** What is being compressed goes at once, as it is, and what waits behind it: a Close is to follow. */
  hurry(): void {
    while (this.#stream instanceof OutgoingDeflation) this.#stream.hurry()
  }

  /** Nothing more can be sent. The error is made only for what waits. */
  end(makeError: () => Error): void {
    const waiting = this.#line.takeAll()
    this.#lineBytes = 0
    if (!this.#stream) return
    // What stands in line stands behind a stream.
    const error = makeError()
    this.#stream.stop(error)
    for (const each of waiting) {
      if (isOccupant(each)) each.stop(error)
      else each.reject(error)
    }
  }

  /** Makes room for one more as the policy has it; the error when there is none. */
  #admit(): Error | undefined {
    if (this.#heldBytes < this.#budget.bytes) return undefined
    switch (this.#budget.policy) {
      case 'wait': {
        const error = new SendBudgetError(this.#heldBytes, this.#budget.bytes)
        this.#owner.dropped(1)
        return error
      }
      case 'drop-oldest':
        this.#dropOldest()
        return undefined
      case 'close':
        this.#owner.failForBudget()
        return new SocketClosedError('Sending', undefined)
    }
  }

  get #heldBytes(): number {
    return this.#owner.outflow.heldBytes + this.bytes
  }

  /** Where all that waits is with the transport already, there is nothing to drop, and the new message is the only one. */
  #dropOldest(): void {
    let count = 0
    while (this.#heldBytes >= this.#budget.bytes && (this.#owner.outflow.dropOldest() || this.#dropFromLine()))
      count += 1
    if (count > 0) this.#owner.dropped(count)
  }

  #dropFromLine(): boolean {
    const dropped = this.#line.take((each) => !isOccupant(each))
    if (!dropped || isOccupant(dropped)) return false
    this.#lineBytes -= messageCost(dropped.message)
    dropped.resolve(this.#owner.outflow.room())
    return true
  }

  #enter(occupant: Occupant): Promise<void> {
    if (this.#stream) {
      this.#lineBytes += costOf(occupant)
      this.#line.push(occupant)
    } else {
      this.#begin(occupant)
    }
    return occupant.done
  }

  #begin(occupant: Occupant): void {
    this.#stream = occupant
    occupant.begin()
  }

  #streamOver(stream: Occupant): void {
    // One that was given up while it waited is passed over when its turn comes.
    if (stream !== this.#stream) return
    this.#stream = undefined
    while (!this.#stream) {
      const next = this.#line.shift()
      if (!next) return
      if (isOccupant(next)) {
        this.#lineBytes -= costOf(next)
        if (!next.isOver) this.#begin(next)
      } else {
        this.#lineBytes -= messageCost(next.message)
        next.resolve(this.#owner.transmit(next.message, next.compress))
      }
    }
  }
}

function isOccupant(waiting: WaitingMessage | Occupant): waiting is Occupant {
  return waiting instanceof OutgoingStream || waiting instanceof OutgoingDeflation
}

/** A deflation holds its message as long as it waits, and is never over then. */
function costOf(occupant: Occupant): number {
  return occupant instanceof OutgoingDeflation ? occupant.heldBytes : streamCost
}
