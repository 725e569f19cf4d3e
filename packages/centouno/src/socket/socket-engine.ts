import type { Closing } from '../protocol/connection/closing.ts'
import { Connection } from '../protocol/connection/connection.ts'
import type { ConnectionSink } from '../protocol/connection/sink.ts'
import { type Opcode, opcodes } from '../protocol/frame/opcode.ts'
import type { Clock } from '../transport/clock.ts'
import { gone } from '../transport/gone.ts'
import type { Transport } from '../transport/transport.ts'
import { SocketCompression } from './deflate/socket-compression.ts'
import type { InflaterOwner } from './deflate/message-inflater.ts'
import { Delivery, type DeliveryOwner } from './delivery.ts'
import { warnOfFailure } from './handler-outcome.ts'
import type { EngineParts } from './engine-parts.ts'
import type { FlowLimits } from './flow-limits.ts'
import { type MemoryHolder, processAccount } from './memory.ts'
import { nextMaskingKey } from './masking-key.ts'
import { Outflow } from './outflow.ts'
import { Sender, type SenderOwner } from './sender.ts'
import type { Traffic } from './traffic.ts'
import { TransportEvents, type TransportUser } from './transport-events.ts'
import { WakeUp, type Waking } from './wake-up.ts'

/** The status code that says an endpoint met something unexpected (RFC 6455 §7.4.1). */
const internalError = 1011

/** The reason in the Close that cuts a message off. */
const brokenOff = 'a message could not be sent to its end'

/**
 * Joins a connection to its transport, its reader and its sender. Every call into the connection is settled here: after
 * each the timer may have to be set anew and reading stopped or taken up again.
 */
export class SocketEngine
  implements ConnectionSink, DeliveryOwner, SenderOwner, MemoryHolder, TransportUser, InflaterOwner, Waking
{
  readonly connection: Connection
  readonly delivery: Delivery
  readonly sender: Sender
  /** How the connection ended; undefined until then. */
  closing: Closing | undefined
  readonly outflow: Outflow
  /** Messages that were given to `send` and are not sent, for want of room. */
  droppedMessages = 0

  #transport: Transport
  readonly #flow: FlowLimits
  readonly #clock: Clock
  readonly #traffic: Traffic
  readonly #wakeUp: WakeUp
  readonly #compression: SocketCompression | undefined
  #paused = false
  /** The transport's progress when it was looked at last. */
  #progress = 0
  /** The time of the call that is being gathered; asking the clock costs as much as a small frame. */
  #turn: number | undefined
  // Made when somebody asks for it: most sockets are idle, and there are many.
  #closed: Promise<Closing> | undefined
  #resolveClosed: ((closing: Closing) => void) | undefined

  constructor({ role, transport, limits, flow, outgoing, clock, streamFrom, traffic, compression }: EngineParts) {
    this.#transport = transport
    this.#flow = flow
    this.#clock = clock
    this.#traffic = traffic
    this.outflow = new Outflow(transport, outgoing.bytes)
    this.delivery = new Delivery(this, streamFrom !== undefined, limits.messageBytes)
    const openedAt = clock.now()
    this.#compression = compression && new SocketCompression(role, compression, this)
    const inflater = this.#compression?.inflater
    this.connection = new Connection({
      role,
      limits,
      sink: this,
      maskingKey: nextMaskingKey,
      openedAt,
      streamFrom,
      inflater,
    })
    const { connection, outflow } = this
    this.sender = new Sender(this, { role, connection, outflow, outgoing, clock, compression: this.#compression })
    this.#wakeUp = new WakeUp(clock, this)
  }

  start(early: Uint8Array): void {
    if (!this.closing) processAccount.add(this)
    this.#transport.start(new TransportEvents(this))
    this.settle()
    // They came before anything the transport will deliver, and it delivers nothing while `start` runs.
    if (early.length > 0) this.receive(early)
  }

  // What the application asks for.

  /** True while frames may be sent: until the first Close, or the end. */
  get sends(): boolean {
    return this.connection.state === 'open'
  }

  /** Resolves with `closing`. */
  get closed(): Promise<Closing> {
    this.#closed ??= this.closing
      ? Promise.resolve(this.closing)
      : new Promise((resolve) => {
          this.#resolveClosed = resolve
        })
    return this.#closed
  }

  get latency(): number | undefined {
    return this.connection.latency
  }

  get bufferedBytes(): number {
    return this.sender.bufferedBytes
  }

  beginClose(code: number | undefined, reason: string): void {
    this.sender.hurry()
    this.connection.close(code, reason, this.#clock.now())
    // What is inflated from here on waits for nobody.
    this.#compression?.inflater.resume()
    this.settle()
  }

  terminate(): void {
    this.gathered(() => this.connection.terminate(this.#clock.now()))
  }

  // What the transport tells.

  receive(bytes: Uint8Array): void {
    this.#traffic.bytesReceived += bytes.length
    // What is sent while the chunk is read leaves in one write.
    this.#transport.cork()
    this.gathered(() => this.connection.receive(bytes, this.now()))
    this.#transport.uncork()
    processAccount.moved(bytes.length)
  }

  outputBlocked(): void {
    this.outflow.fill()
    this.#outputBlocked(this.now())
    this.settle()
  }

  outputDrained(): void {
    const now = this.now()
    // A Pong that waits comes first.
    this.connection.outputDrained(now)
    this.outflow.drained()
    if (this.outflow.blocked) this.#outputBlocked(now)
    this.settle()
    if (!this.outputFull) this.delivery.resume()
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

  write(bytes: Uint8Array, start: number, end: number, opcode: Opcode, payload?: Uint8Array): void {
    const length = end - start + (payload?.length ?? 0)
    const begins = opcode === opcodes.text || opcode === opcodes.binary
    this.#traffic.bytesSent += length
    if (begins) this.#traffic.messagesSent += 1
    processAccount.moved(length)
    const whole = begins && !this.sender.isStreaming
    if (this.outflow.write(bytes, start, end, opcode, whole, payload)) this.#outputBlocked(this.now())
  }

  text(message: string): void {
    this.#traffic.messagesReceived += 1
    if (this.#takesMore()) this.delivery.push(message)
  }

  binary(message: Uint8Array): void {
    this.#traffic.messagesReceived += 1
    if (this.#takesMore()) this.delivery.push(message)
  }

  streamBegins(kind: 'text' | 'binary', bytes: Uint8Array): void {
    this.#traffic.messagesReceived += 1
    if (this.#takesMore()) this.delivery.beginStream(kind, bytes)
  }

  streamPiece(bytes: Uint8Array, last: boolean): void {
    if (this.#takesMore()) this.delivery.continueStream(bytes, last)
    else this.delivery.breakStream()
  }

  ping(payload: Uint8Array): void {
    this.delivery.ping(payload.slice())
  }

  pong(payload: Uint8Array): void {
    this.sender.answered(payload)
    this.delivery.pong(payload.slice())
  }

  closeReceived(code: number, reason: string): void {
    this.delivery.closeReceived(code, reason)
  }

  finish(): void {
    this.outflow.finish()
  }

  abort(): void {
    this.#transport.abort()
  }

  ended(closing: Closing): void {
    this.closing = closing
    processAccount.remove(this)
    this.#wakeUp.set(undefined)
    this.#compression?.end()
    this.sender.end(closing)
    this.#resolveClosed?.(closing)
    this.delivery.end(closing)
    this.#transport = gone
  }

  // What the sender asks for.

  now(): number {
    return this.#turn ?? this.#clock.now()
  }

  settle(): void {
    const hold = this.sends && (this.#inboxFull() || this.outputFull || this.connection.inflating)
    // A Close does not wait for a message that is being sent as a stream.
    if (!this.sends && this.sender.isStreaming) this.sender.endWaiting()
    if (hold !== this.#paused) this.#hold(hold)
    this.#wakeUp.set(this.connection.wakeAt)
  }

  breakOff(): void {
    if (this.sends) this.beginClose(internalError, brokenOff)
  }

  failForBudget(): void {
    // None of it would be read in time, and the Close should not have to wait for it.
    this.outflow.discard()
    this.gathered(() => this.connection.overLimit('PEER_READS_TOO_SLOWLY', this.#clock.now()))
  }

  dropped(count: number): void {
    this.droppedMessages += count
    this.delivery.dropped(count)
  }

  // What the inflater asks for.

  inflated(act: (now: number) => void): void {
    this.gathered(() => act(this.now()))
  }

  get takesPieces(): boolean {
    return !this.sends || !this.#inboxFull()
  }

  // What the memory's account asks for.

  get heldBytes(): number {
    return this.connection.incompleteBytes + this.delivery.heldBytes + this.bufferedBytes
  }

  get incompleteBytes(): number {
    return this.connection.incompleteBytes
  }

  giveUp(): void {
    this.outflow.discard()
    this.gathered(() => this.connection.overLimit('MEMORY_EXHAUSTED', this.#clock.now()))
  }

  // What the delivery asks for.

  get outputFull(): boolean {
    return this.outflow.backlog > this.#flow.outputBytes && this.sends
  }

  gathered(deliver: () => void): void {
    const outer = this.#turn
    this.#turn ??= this.#clock.now()
    this.#guarded(deliver)
    this.#turn = outer
    this.settle()
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

  wake(): void {
    const now = this.#clock.now()
    const { progress } = this.#transport
    if (progress !== this.#progress) this.connection.outputTaken(now)
    this.#progress = progress
    this.#guarded(() => this.connection.tick(now))
    this.settle()
  }

  taken(): void {
    this.#compression?.inflater.resume()
    this.settle()
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

  #outputBlocked(now: number): void {
    this.#progress = this.#transport.progress
    this.connection.outputBlocked(now)
  }

  #hold(hold: boolean): void {
    this.#paused = hold
    if (hold) {
      this.#transport.pause()
      this.connection.readingPaused(this.now())
    } else {
      this.connection.readingResumed(this.now())
      this.#transport.resume()
    }
  }

  #inboxFull(): boolean {
    return this.delivery.heldBytes >= this.#flow.inboxBytes
  }
}
