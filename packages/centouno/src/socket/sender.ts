import type { Closing } from '../protocol/connection/closing.ts'
import type { Connection } from '../protocol/connection/connection.ts'
import type { Clock } from '../transport/clock.ts'
import type { SocketCompression } from './deflate/socket-compression.ts'
import type { Message } from './inbox.ts'
import { Outbox, type OutboxOwner } from './outbox.ts'
import type { Outflow } from './outflow.ts'
import type { OutgoingBudget } from './outgoing-budget.ts'
import type { SendStreamOptions } from './outgoing-stream.ts'
import { RoundTrips } from './round-trips.ts'
import type { SharedFrame } from './shared-frame.ts'
import type { SocketData } from './socket-arguments.ts'
import { SendBudgetError, SocketClosedError } from './socket-errors.ts'

/** What a sender needs of its socket. */
export interface SenderOwner {
  /** How the connection ended; undefined until then. */
  readonly closing: Closing | undefined
  /** The time of the call at hand. */
  now(): number
  /** To be called after each call into the connection. */
  settle(): void
  /** Runs `act` at one time, then settles. */
  gathered(act: () => void): void
  /** A message cannot be sent to its end. */
  breakOff(): void
  /** Fails the connection for a peer that reads too slowly. */
  failForBudget(): void
  /** Messages were given to `send` and are not sent. */
  dropped(count: number): void
}

/** What a sender is made of. */
export interface SenderParts {
  readonly role: 'client' | 'server'
  readonly connection: Connection
  readonly outflow: Outflow
  readonly outgoing: OutgoingBudget
  readonly clock: Clock
  readonly compression: SocketCompression | undefined
}

/** Sends what the application asks for: at once where there is room, compressed where that was agreed. */
export class Sender implements OutboxOwner {
  readonly outflow: Outflow
  readonly #owner: SenderOwner
  readonly #connection: Connection
  readonly #outgoing: OutgoingBudget
  readonly #clock: Clock
  readonly #compression: SocketCompression | undefined
  /** A frame for this peer is the same as for others: it is not masked, and not compressed. */
  readonly #sharesFrames: boolean
  // Most sockets never have to wait.
  #outbox: Outbox | undefined
  // Most sockets never measure a round trip.
  #roundTrips: RoundTrips | undefined

  constructor(owner: SenderOwner, { role, connection, outflow, outgoing, clock, compression }: SenderParts) {
    this.#owner = owner
    this.#connection = connection
    this.outflow = outflow
    this.#outgoing = outgoing
    this.#clock = clock
    this.#compression = compression
    this.#sharesFrames = role === 'server' && compression === undefined
  }

  /** True while frames may be sent: until the first Close, or the end. */
  get sends(): boolean {
    return this.#connection.state === 'open'
  }

  /** True when what is sent leaves at once. */
  get writable(): boolean {
    return this.sends && !this.outflow.blocked && !this.isStreaming
  }

  /** A message is being sent as a stream, or is being compressed: nothing else may begin. */
  get isStreaming(): boolean {
    return this.#outbox?.isStreaming === true
  }

  get bufferedBytes(): number {
    return this.outflow.bytes + (this.#outbox?.bytes ?? 0)
  }

  send(message: Message, compress: boolean | undefined): Promise<void> {
    if (this.outflow.blocked || this.#outbox?.isStreaming === true) return this.#waiting().send(message, compress)
    return this.transmit(message, compress)
  }

  sendShared(frame: SharedFrame): void {
    if (!this.sends) return
    const payload = this.writable ? this.#compression?.prepared(frame.prepared) : undefined
    if (payload !== undefined) {
      void this.transmitDeflated(frame.message, payload)
    } else if (this.#sharesFrames && this.writable) {
      this.#connection.sendFrame(frame, frame.sentAt(this.#clock))
      this.#owner.settle()
    } else {
      void this.send(typeof frame.message === 'string' ? frame.message : frame.message.slice(), undefined)
    }
  }

  sendStream(source: AsyncIterable<SocketData>, options: SendStreamOptions): Promise<void> {
    return this.#waiting().sendStream(source, options)
  }

  sendPing(payload: Uint8Array | undefined): Promise<number> {
    if (this.#overBudget()) return Promise.reject(new SendBudgetError(this.outflow.heldBytes, this.#outgoing.bytes))
    const roundTrips = (this.#roundTrips ??= new RoundTrips())
    const sent = payload?.slice() ?? roundTrips.nextPayload()
    this.#connection.ping(sent)
    this.#owner.settle()
    return roundTrips.begin(sent, this.#clock.now())
  }

  sendPong(payload: Uint8Array): void {
    // It asks for nothing and answers nothing: without room for it, it is not missed.
    if (this.#overBudget()) return
    this.#connection.pong(payload)
    this.#owner.settle()
  }

  /** A Pong came. */
  answered(payload: Uint8Array): void {
    this.#roundTrips?.answer(payload, this.#clock.now())
  }

  /** A Close stands behind what was sent before it, and must go now. */
  hurry(): void {
    this.#outbox?.hurry()
  }

  /** Nothing more can be sent; what waits on this side of the outflow is given up. */
  endWaiting(): void {
    this.#outbox?.end(() => new SocketClosedError('Sending', this.#owner.closing))
  }

  /** The connection is over. */
  end(closing: Closing): void {
    this.outflow.end(() => new SocketClosedError('Sending', closing))
    this.endWaiting()
    this.#roundTrips?.end(() => new SocketClosedError('Waiting for a Pong', closing))
  }

  // What the outbox asks for.

  transmit(message: Message, compress: boolean | undefined): Promise<void> {
    if (this.#compression === undefined) return this.#transmitPlain(message)
    const payload = this.#compression.deflate(message, compress, this.#mayDrop)
    return payload === 'later' ? this.#waiting().sendDeflated(message) : this.transmitDeflated(message, payload)
  }

  deflateLater(message: Message, done: (payload: Uint8Array | undefined) => void): void {
    // Nothing but a transmit that has found a compression comes here.
    this.#compression?.deflateLater(message, (payload) => this.#owner.gathered(() => done(payload)))
  }

  transmitDeflated(message: Message, payload: Uint8Array | undefined): Promise<void> {
    if (payload === undefined) return this.#transmitPlain(message)
    this.#connection.sendCompressed(typeof message === 'string' ? 'text' : 'binary', payload, this.#owner.now())
    this.#owner.settle()
    return this.outflow.room()
  }

  fragment(kind: 'text' | 'binary', bytes: Uint8Array, last: boolean): Promise<void> {
    if (!this.sends) throw new SocketClosedError('Sending', this.#owner.closing)
    this.#connection.sendFragment(kind, bytes, last, this.#owner.now())
    this.#owner.settle()
    return this.outflow.room()
  }

  breakOff(): void {
    this.#owner.breakOff()
  }

  failForBudget(): void {
    this.#owner.failForBudget()
  }

  dropped(count: number): void {
    this.#owner.dropped(count)
  }

  #transmitPlain(message: Message): Promise<void> {
    if (typeof message === 'string') this.#connection.sendText(message, this.#owner.now())
    else this.#connection.sendBinary(message, this.#owner.now())
    this.#owner.settle()
    return this.outflow.room()
  }

  /** What is sent now may be dropped before it leaves: nothing may build on it. */
  get #mayDrop(): boolean {
    return this.#outgoing.policy === 'drop-oldest' && this.outflow.blocked
  }

  #waiting(): Outbox {
    return (this.#outbox ??= new Outbox(this, this.#outgoing))
  }

  #overBudget(): boolean {
    return this.outflow.blocked && this.outflow.heldBytes >= this.#outgoing.bytes
  }
}
