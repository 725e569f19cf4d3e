import type { Closing } from '../protocol/connection/closing.ts'
import { Connection } from '../protocol/connection/connection.ts'
import type { ConnectionLimits } from '../protocol/connection/limits.ts'
import type { ConnectionSink } from '../protocol/connection/sink.ts'
import type { Clock } from '../transport/clock.ts'
import type { Transport, TransportListener } from '../transport/transport.ts'
import { Delivery, type DeliveryOwner, warnOfFailure } from './delivery.ts'
import type { FlowLimits } from './flow-limits.ts'
import { nextMaskingKey } from './masking-key.ts'
import { Outflow } from './outflow.ts'
import { RoundTrips } from './round-trips.ts'
import { SocketClosedError } from './socket-errors.ts'
import { WakeUp } from './wake-up.ts'

/** The status code that says an endpoint met something unexpected (RFC 6455 §7.4.1). */
const internalError = 1011

/** What an engine is made of. */
export interface EngineParts {
  readonly role: 'client' | 'server'
  readonly transport: Transport
  readonly limits: ConnectionLimits
  readonly flow: FlowLimits
  readonly clock: Clock
}

/**
 * Joins a connection to its transport and its reader. Every call into the connection passes through here, because after
 * each the timer may have to be set anew and reading stopped or taken up again.
 */
export class SocketEngine implements ConnectionSink, DeliveryOwner {
  readonly connection: Connection
  readonly delivery: Delivery
  /** Resolves with `closing`. */
  readonly closed: Promise<Closing>
  /** How the connection ended; undefined until then. */
  closing: Closing | undefined

  readonly #transport: Transport
  readonly #flow: FlowLimits
  readonly #clock: Clock
  readonly #wakeUp: WakeUp
  readonly #outflow = new Outflow()
  // Most sockets never measure a round trip.
  #roundTrips: RoundTrips | undefined
  #paused = false
  /** The transport's progress when it was looked at last. */
  #progress = 0
  /** The time of the call that is being gathered; asking the clock costs as much as a small frame. */
  #turn: number | undefined
  #resolveClosed: ((closing: Closing) => void) | undefined

  constructor({ role, transport, limits, flow, clock }: EngineParts) {
    this.#transport = transport
    this.#flow = flow
    this.#clock = clock
    this.delivery = new Delivery(this)
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.connection = new Connection({ role, limits, sink: this, maskingKey: nextMaskingKey, openedAt: clock.now() })
    this.#wakeUp = new WakeUp(clock, () => this.#wake())
  }

  start(early: Uint8Array): void {
    this.#transport.start(new TransportEvents(this))
    this.#settle()
    // They came before anything the transport will deliver, and it delivers nothing while `start` runs.
    if (early.length > 0) this.receive(early)
  }

  // What the application asks for.

  /** True while frames may be sent: until the first Close, or the end. */
  get sends(): boolean {
    return this.connection.state === 'open'
  }

  get latency(): number | undefined {
    return this.connection.latency
  }

  get bufferedBytes(): number {
    return this.#transport.queuedBytes
  }

  sendText(text: string): Promise<void> {
    this.connection.sendText(text, this.#now())
    this.#settle()
    return this.#outflow.room()
  }

  sendBinary(bytes: Uint8Array): Promise<void> {
    this.connection.sendBinary(bytes, this.#now())
    this.#settle()
    return this.#outflow.room()
  }

  sendPing(payload: Uint8Array | undefined): Promise<number> {
    const roundTrips = (this.#roundTrips ??= new RoundTrips())
    const sent = payload?.slice() ?? roundTrips.nextPayload()
    this.connection.ping(sent)
    this.#settle()
    return roundTrips.begin(sent, this.#clock.now())
  }

  sendPong(payload: Uint8Array): void {
    this.connection.pong(payload)
    this.#settle()
  }

  beginClose(code: number | undefined, reason: string): void {
    this.connection.close(code, reason, this.#clock.now())
    this.#settle()
  }

  terminate(): void {
    this.gathered(() => this.connection.terminate(this.#clock.now()))
  }

  // What the transport tells.

  receive(bytes: Uint8Array): void {
    this.gathered(() => this.connection.receive(bytes, this.#now()))
  }

  outputDrained(): void {
    this.#outflow.drained()
    this.connection.outputDrained(this.#now())
    this.#settle()
  }

  transportEnded(): void {
    this.gathered(() => this.connection.transportEnded(this.#clock.now()))
  }

  transportFailed(error: Error): void {
    this.gathered(() => this.connection.transportFailed(error, this.#clock.now()))
  }

  transportClosed(): void {
    this.gathered(() => this.connection.transportClosed(this.#clock.now()))
  }

  // What the connection puts out.

  write(bytes: Uint8Array): void {
    const hasRoom = this.#transport.write(bytes)
    if (!hasRoom && !this.#outflow.blocked) {
      this.#progress = this.#transport.progress
      this.connection.outputBlocked(this.#now())
    }
    this.#outflow.wrote(hasRoom)
  }

  text(message: string): void {
    if (this.#takesMore()) this.delivery.push(message)
  }

  binary(message: Uint8Array): void {
    if (this.#takesMore()) this.delivery.push(message)
  }

  ping(payload: Uint8Array): void {
    this.delivery.ping(payload.slice())
  }

  pong(payload: Uint8Array): void {
    this.#roundTrips?.answer(payload, this.#clock.now())
    this.delivery.pong(payload.slice())
  }

  closeReceived(code: number, reason: string): void {
    this.delivery.closeReceived(code, reason)
  }

  finish(): void {
    this.#transport.finish()
  }

  abort(): void {
    this.#transport.abort()
  }

  ended(closing: Closing): void {
    this.closing = closing
    this.#wakeUp.set(undefined)
    this.#outflow.end(new SocketClosedError('Sending', closing))
    this.#roundTrips?.end(new SocketClosedError('Waiting for a Pong', closing))
    this.#resolveClosed?.(closing)
    this.delivery.end(closing)
  }

  // What the delivery asks for.

  gathered(deliver: () => void): void {
    const outer = this.#turn
    this.#turn ??= this.#clock.now()
    this.#transport.cork()
    this.#guarded(deliver)
    this.#transport.uncork()
    this.#turn = outer
    this.#settle()
  }

  #guarded(act: () => void): void {
    try {
      act()
    } catch (error) {
      // Not an input that was foreseen: without this it would end the process, and every other socket with it.
      this.#transport.abort()
      warnOfFailure(error)
    }
  }

  #now(): number {
    return this.#turn ?? this.#clock.now()
  }

  #wake(): void {
    const now = this.#clock.now()
    const { progress } = this.#transport
    if (progress !== this.#progress) this.connection.outputTaken(now)
    this.#progress = progress
    // Not gathered: a Close that goes ahead of an abort must not be held back.
    this.#guarded(() => this.connection.tick(now))
    this.#settle()
  }

  taken(): void {
    this.#settle()
  }

  handlerFailed(): void {
    if (this.sends) this.beginClose(internalError, '')
  }

  /**
   * After the closing handshake was begun here, reading goes on whatever happens (or the peer's Close would never be
   * seen); a message that has no room then is dropped, for nobody here asked for more.
   */
  #takesMore(): boolean {
    return this.sends || !this.#inboxFull()
  }

  #settle(): void {
    const hold = this.sends && (this.#inboxFull() || this.#outputFull())
    if (hold !== this.#paused) this.#hold(hold)
    this.#wakeUp.set(this.connection.wakeAt)
  }

  #hold(hold: boolean): void {
    this.#paused = hold
    if (hold) {
      this.#transport.pause()
      this.connection.readingPaused(this.#now())
    } else {
      this.connection.readingResumed(this.#now())
      this.#transport.resume()
    }
  }

  #inboxFull(): boolean {
    return this.delivery.heldBytes >= this.#flow.inboxBytes
  }

  #outputFull(): boolean {
    // Only a blocked transport tells when it has drained; below its mark there is nothing to wait for.
    return this.#outflow.blocked && this.#transport.queuedBytes > this.#flow.outputBytes
  }
}

/** The transport's side of the engine. */
class TransportEvents implements TransportListener {
  readonly #engine: SocketEngine

  constructor(engine: SocketEngine) {
    this.#engine = engine
  }

  received(bytes: Uint8Array): void {
    this.#engine.receive(bytes)
  }

  drained(): void {
    this.#engine.outputDrained()
  }

  ended(): void {
    this.#engine.transportEnded()
  }

  failed(error: Error): void {
    this.#engine.transportFailed(error)
  }

  closed(): void {
    this.#engine.transportClosed()
  }
}
