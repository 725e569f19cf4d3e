import type { CloseFrame } from './closing.ts'
import type { ConnectionOptions } from './connection-options.ts'
import type { ConnectionSink } from './sink.ts'
import type { ConnectionAction, ConnectionEvent, ConnectionState } from './state.ts'
import { readClosePayload, writeClosePayload } from '../close/close-payload.ts'
import { opcodes } from '../frame/opcode.ts'
import { Clocks } from './clocks.ts'
import { closeToSend, emptyClose, explainedClose } from './close-to-send.ts'
import { ClosingRecord, type Decision, undecided } from './closing-record.ts'
import { type Expiry, expiries } from './expiries.ts'
import { FrameReader, type FrameReaderOwner } from './frame-reader.ts'
import { type EncodedFrame, FrameWriter } from './frame-writer.ts'
import { PongWriter } from './pong-writer.ts'
import { SendError } from './send-error.ts'
import { reads, sends, transitions } from './state.ts'
import { causeOf } from './transport-error.ts'
import { type ViolationCode, violationRow } from './violations.ts'

/**
 * A WebSocket connection from the 101 on: bytes and time in, bytes and messages out. It owns no socket and no timer.
 *
 * To drive it: pass what the transport delivers to `receive`, and its end to `transportEnded`, `transportFailed` and
 * `transportClosed`; say when it is blocked and when reading is paused; carry out what the sink is told; after each call
 * look at `wakeAt`, and call `tick` at that time. Times are milliseconds of one monotonic clock. Every call may also be
 * made from within a call of the sink.
 */
export class Connection implements FrameReaderOwner {
  readonly #role: 'client' | 'server'
  readonly #sink: ConnectionSink
  readonly #writer: FrameWriter
  // Made by the first Ping.
  #pongs: PongWriter | undefined
  readonly #reader: FrameReader
  // Made when the connection begins to end: until then, and it may be for days, there is nothing to record.
  #recordMade: ClosingRecord | undefined
  readonly #clocks: Clocks

  #state: ConnectionState = 'open'
  #now: number
  #wakeAt: number | undefined
  /** What `send-close` sends when it comes to it. */
  #close: CloseFrame = emptyClose

  /** Throws a SendError when the client role has no source of masking keys. */
  constructor(options: ConnectionOptions) {
    this.#role = options.role
    this.#sink = options.sink
    this.#writer = new FrameWriter(options.role, options.sink, options.maskingKey)
    this.#now = Math.trunc(options.openedAt ?? 0)
    this.#clocks = new Clocks(options.limits, this.#now)
    this.#reader = new FrameReader(this, options, this.#clocks)
    this.#schedule()
  }

  /** How far the connection has come: see the table in state.ts. */
  get state(): ConnectionState {
    return this.#state
  }

  /**
   * When `tick` wants to be called, in milliseconds; undefined while nothing is waited for. It stays as it is when the
   * wait is put off, as each chunk that is received does: `tick` then finds nothing due and asks for the rest.
   */
  get wakeAt(): number | undefined {
    return this.#wakeAt
  }

  /** Milliseconds from the last Ping of the heartbeat to its Pong; undefined before the first. */
  get latency(): number | undefined {
    return this.#clocks.heartbeat.latency
  }

  /**
   * Takes bytes from the transport, cut anywhere. They are read before it returns, and not changed, except in the
   * memory of a masking kernel. Nothing that a peer sends makes it throw.
   */
  receive(bytes: Uint8Array, now: number): void {
    this.#now = now
    this.#clocks.heartbeat.alive(now)
    this.#reader.receive(bytes, now)
  }

  /**
   * Sends a text message. Lone surrogates become U+FFFD. Throws a SendError when not open.
   *
   * @param now only counts for `idleTimeout`; by default the time that was told last
   */
  sendText(text: string, now: number = this.#now): void {
    this.#beginsToSend(now)
    this.#writer.text(text)
  }

  /** Sends a binary message; the bytes are copied. Throws a SendError when not open. `now` is as for `sendText`. */
  sendBinary(bytes: Uint8Array, now: number = this.#now): void {
    this.#beginsToSend(now)
    this.#writer.binary(bytes)
  }

  /**
   * Sends a message whose payload was compressed, as was agreed (RFC 7692 §7.2.1); it is copied. Throws a SendError when
   * not open. `now` is as for `sendText`.
   */
  sendCompressed(kind: 'text' | 'binary', payload: Uint8Array, now: number = this.#now): void {
    this.#beginsToSend(now)
    this.#writer.compressed(kind, payload)
  }

  /**
   * Sends a whole message as a frame that was encoded before, unmasked: for the server role. Throws a SendError when not
   * open, or within a message. `now` is as for `sendText`.
   */
  sendFrame(frame: EncodedFrame, now: number = this.#now): void {
    this.#mustBeOpen()
    this.#clocks.message(now)
    this.#writer.encoded(frame)
  }

  /**
   * Sends one fragment of a message, the last one with `fin`. The fragments of a text must be UTF-8 when put together,
   * which is not checked here. Throws a SendError when not open, or when `kind` changes within a message. `now` is as for
   * `sendText`.
   */
  sendFragment(kind: 'text' | 'binary', bytes: Uint8Array, fin: boolean, now: number = this.#now): void {
    this.#beginsToSend(now)
    this.#writer.fragment(kind, bytes, fin)
  }

  /** Sends a Ping of at most 125 bytes. Throws a SendError when not open or too long. */
  ping(payload: Uint8Array): void {
    this.#mustBeOpen()
    this.#writer.control(opcodes.ping, payload)
    this.#reader.controlRate.pingSent()
  }

  /** Sends a Pong that nobody asked for (RFC 6455 §5.5.3), of at most 125 bytes. Throws a SendError like `ping`. */
  pong(payload: Uint8Array): void {
    this.#mustBeOpen()
    this.#clocks.pongUnasked()
    this.#writer.control(opcodes.pong, payload)
  }

  /**
   * Begins the closing handshake: sends Close, then waits for the peer's, at most `closeTimeout`. Messages of the peer
   * are still delivered until then. Does nothing when the connection is already closing.
   *
   * @param code undefined sends an empty Close
   * @param reason 123 bytes of UTF-8 at most
   * @throws SendError when the code must not be sent or the reason does not fit; nothing has happened then
   */
  close(code: number | undefined, reason: string, now: number): void {
    const close = closeToSend(code, reason, this.#role)
    this.#now = now
    this.#close = close
    this.#step('close-called')
  }

  /** Drops the connection without a closing handshake. */
  terminate(now: number): void {
    this.#now = now
    this.#step('terminate-called')
  }

  /** A message is being inflated: what comes meanwhile waits, and should not come. */
  get inflating(): boolean {
    return this.#reader.inflating
  }

  /** Bytes set aside for a message that has not come to its end. */
  get incompleteBytes(): number {
    return this.#reader.incompleteBytes
  }

  /** A limit is passed that is kept outside: fails the connection, if it is open. */
  overLimit(limit: 'PEER_READS_TOO_SLOWLY' | 'MEMORY_EXHAUSTED', now: number): void {
    this.#now = now
    if (sends(this.#state)) this.fail(limit)
  }

  /** Nothing is taken from the transport any more, whatever arrives: the peer's silence says nothing. */
  readingPaused(now: number): void {
    this.#clocks.pause()
    this.#reader.controlRate.pause(now)
  }

  /** What arrives is taken again. */
  readingResumed(now: number): void {
    this.#now = now
    this.#clocks.resume(now)
    this.#reader.controlRate.resume(now)
    this.#schedule()
  }

  /** The transport's queue is over its mark. From here on it must take something within each `writeTimeout`. */
  outputBlocked(now: number): void {
    if (this.#clocks.blocked) return
    this.#now = now
    this.#clocks.block(now)
    this.#schedule()
  }

  /** The blocked transport has taken something, which may be told as late as just before a `tick`. */
  outputTaken(now: number): void {
    this.#clocks.took(now)
  }

  /** The transport's queue is below its mark again. */
  outputDrained(now: number): void {
    this.#now = now
    this.#clocks.drain(now)
    if (sends(this.#state)) this.#pongs?.sendHeld()
    this.#schedule()
  }

  /** The peer's FIN came: nothing more will be received. */
  transportEnded(now: number): void {
    if (this.inflating) return this.#reader.keep((later) => this.transportEnded(later))
    this.#now = now
    this.#step('transport-ended')
  }

  /** The transport failed; the connection is over. */
  transportFailed(error: Error, now: number): void {
    this.#now = now
    this.#step('transport-failed', { cause: causeOf(error), error })
  }

  /** The transport is closed in both directions. */
  transportClosed(now: number): void {
    if (this.inflating) return this.#reader.keep((later) => this.transportClosed(later))
    this.#now = now
    this.#step('transport-closed')
  }

  /** Tells the time. Before `wakeAt` it only looks whether the wait has been put off. */
  tick(now: number): void {
    this.#now = now
    if (this.#wakeAt === undefined) return
    if (now < this.#wakeAt) {
      this.#schedule()
      return
    }
    if (this.#state !== 'open') {
      if (this.#clocks.endDue(now)) this.#step('time-out')
      else this.#schedule()
      return
    }
    const due = this.#clocks.due(now)
    if (due === 'ping') this.ping(this.#clocks.heartbeat.ping(now))
    else if (due !== undefined) this.#expire(due)
    this.#schedule()
  }

  /** Only looked at anew where it may have come nearer; see `wakeAt`. */
  #schedule(): void {
    if (this.#state === 'open') this.#wakeAt = this.#clocks.wakeAt(this.#now)
    else if (this.#wakeAt !== undefined) this.#wakeAt = this.#clocks.endWakeAt(this.#now)
  }

  // What the reader asks for.

  get reads(): boolean {
    return reads(this.#state)
  }

  controlFrame(opcode: number, payload: Uint8Array): ViolationCode | undefined {
    if (opcode === opcodes.close) return this.#takeClose(payload)
    if (opcode === opcodes.pong) {
      if (!this.#clocks.heartbeat.pong(payload, this.#now)) this.#sink.pong(payload)
      return undefined
    }
    // §5.5.2: a Ping is answered as soon as practical; but nothing follows our Close.
    if (sends(this.#state)) {
      this.#pongs ??= new PongWriter(this.#writer)
      this.#pongs.answer(payload, this.#clocks.blocked)
    }
    // Writing may have found the transport broken.
    if (reads(this.#state)) this.#sink.ping(payload)
    return undefined
  }

  timeIs(now: number): void {
    this.#now = now
  }

  /** Fails the connection (RFC 6455 §7.1.7). */
  fail(violation: ViolationCode): void {
    const row = violationRow(violation)
    this.#close = explainedClose(row)
    // Nothing is read any more, and the end of the transport may take its time.
    this.#reader.discard()
    this.#step('peer-erred', { cause: row.cause, violation })
  }

  get #record(): ClosingRecord {
    return (this.#recordMade ??= new ClosingRecord())
  }

  #takeClose(payload: Uint8Array): ViolationCode | undefined {
    const close = readClosePayload(payload)
    if (typeof close === 'string') return close
    this.#record.received = close
    // §5.5.1: the answer echoes the status code, and is empty when there was none. The reason goes back too: it is what
    // the other side's application is told, and most peers do the same.
    this.#close = close
    this.#step('close-arrived')
    // §7.1.1: the server ends TCP first, so that it is the one to hold TIME_WAIT.
    if (this.#role === 'server') this.#step('may-finish-first')
    return undefined
  }

  #expire(expiry: Expiry): void {
    this.#close = explainedClose(expiries[expiry])
    this.#step(expiry)
  }

  /** The only place where the state changes: looks up the row and carries it out. */
  #step(event: ConnectionEvent, told: Decision = undecided): void {
    const transition = transitions[this.#state][event]
    if (transition === undefined) return
    this.#state = transition.next
    this.#wakeAt = undefined
    this.#record.note(transition, told, this.#clocks.silence(this.#now))
    for (const action of transition.actions) {
      // The sink may have come back and taken another step.
      if (this.#state !== transition.next) return
      this.#act(action)
    }
  }

  #act(action: ConnectionAction): void {
    switch (action) {
      case 'send-close':
        // §5.5.2 asks for it as long as no Close came, and there will be no later.
        this.#pongs?.sendHeld()
        this.#record.sent = this.#close
        this.#writer.control(opcodes.close, writeClosePayload(this.#close))
        return
      case 'tell-close': {
        const { code, reason } = this.#record.closing()
        this.#sink.closeReceived(code, reason)
        return
      }
      case 'start-clock':
        this.#clocks.waitForEnd(this.#now, !this.#record.failed)
        this.#wakeAt = this.#clocks.endWakeAt(this.#now)
        return
      case 'finish':
        this.#sink.finish()
        return
      case 'abort':
        this.#sink.abort()
        return
      case 'end':
        // A message may still be being inflated.
        this.#reader.discard()
        this.#sink.ended(this.#record.closing())
    }
  }

  #beginsToSend(now: number): void {
    this.#mustBeOpen()
    this.#clocks.message(now)
  }

  #mustBeOpen(): void {
    if (!sends(this.#state)) throw new SendError('CONNECTION_NOT_OPEN')
  }
}
