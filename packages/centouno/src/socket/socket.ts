import type { Closing } from '../protocol/connection/closing.ts'
import type { ConnectionLimits } from '../protocol/connection/limits.ts'
import type { ExtensionOffer } from '../protocol/handshake/extension-list.ts'
import { formatExtensionList } from '../protocol/handshake/extension-list.ts'
import { type Clock, systemClock } from '../transport/clock.ts'
import type { Transport } from '../transport/transport.ts'
import type { Consumer } from './consumer.ts'
import type { AgreedCompression } from './deflate/socket-compression.ts'
import { defaultFlowLimits, type FlowLimits } from './flow-limits.ts'
import type { Message } from './inbox.ts'
import type { MessageStream } from './message-stream.ts'
import { handled } from './handled.ts'
import { defaultOutgoingBudget, type OutgoingBudget } from './outgoing-budget.ts'
import type { SendStreamOptions } from './outgoing-stream.ts'
import { readBytes, readData, readReason, readSource, type SocketData } from './socket-arguments.ts'
import type { SharedFrame } from './shared-frame.ts'
import { SocketClosedError } from './socket-errors.ts'
import { SocketEngine } from './socket-engine.ts'
import { Traffic } from './traffic.ts'

/** What a socket is made of once the opening handshake is done. */
export interface SocketOptions {
  readonly role: 'client' | 'server'
  readonly transport: Transport
  /** Empty when none was agreed. */
  readonly subprotocol: string
  /** The agreed extensions, in the order they apply. */
  readonly extensions: readonly ExtensionOffer[]
  readonly limits: ConnectionLimits
  /** Bytes that came in one piece with the handshake and belong to the first frames. */
  readonly early: Uint8Array
  /** How much waits in each direction before reading pauses. */
  readonly flow?: FlowLimits
  /** How much may wait to be sent, and what happens when it is more. */
  readonly outgoing?: OutgoingBudget
  /**
   * Messages of at least so many bytes arrive as streams, while they are still coming; 0: all of them. Default: none.
   * A message that comes in frames is one as soon as so many bytes of it have been announced.
   */
  readonly streamFrom?: number | undefined
  /** Where time comes from. Default: Node's own. */
  readonly clock?: Clock
  /** Where what goes through is counted, together with that of other sockets. */
  readonly traffic?: Traffic
  /** What was agreed of `permessage-deflate`. Default: nothing, whatever `extensions` says. */
  readonly compression?: AgreedCompression | undefined
}

/** How one message is sent. */
export interface SendOptions {
  /**
   * Where compression was agreed: true compresses this message however short it is; false sends it as it is, for what is
   * compressed already, or for a secret beside text that others choose. Default: compressed from the threshold on.
   */
  readonly compress?: boolean | undefined
}

/** `open` until either side begins to close; `closed` once the transport is gone. */
export type SocketState = 'open' | 'closing' | 'closed'

/** Sends a frame that goes to others as well, if the socket is open. */
export let sendShared: (socket: Socket, frame: SharedFrame) => void

/**
 * One end of an open WebSocket connection.
 *
 * Messages wait in a bounded inbox until somebody reads them, by iteration (`for await`) or through `consume`; while the
 * inbox is full, nothing is read from the peer, who feels it through TCP. Nothing received on an open socket is lost.
 * After `close` was called here, messages that still arrive are delivered as long as the inbox has room.
 */
export class Socket implements AsyncDisposable {
  /** The agreed subprotocol; empty when there is none. */
  readonly subprotocol: string
  /** The agreed extensions as the header says them; empty when there are none. */
  readonly extensions: string
  readonly #engine: SocketEngine

  static {
    sendShared = (socket, frame) => socket.#engine.sender.sendShared(frame)
  }

  constructor(options: SocketOptions) {
    const { role, transport, limits, streamFrom, compression } = options
    const { flow = defaultFlowLimits, outgoing = defaultOutgoingBudget, clock = systemClock } = options
    const { traffic = new Traffic() } = options
    this.subprotocol = options.subprotocol
    this.extensions = formatExtensionList(options.extensions)
    this.#engine = new SocketEngine({
      role,
      transport,
      limits,
      flow,
      outgoing,
      clock,
      streamFrom,
      traffic,
      compression,
    })
    // A moment later, so that whoever made the socket can name its consumer before the first frame is read.
    queueMicrotask(() => this.#engine.start(options.early))
  }

  get state(): SocketState {
    if (this.#engine.closing) return 'closed'
    return this.#engine.sends ? 'open' : 'closing'
  }

  /** Resolves when the connection is over, with how it ended. Never rejects. */
  get closed(): Promise<Closing> {
    return this.#engine.closed
  }

  /**
   * Milliseconds from the last Ping of the heartbeat to its Pong; undefined before the first. A connection that is never
   * silent for `heartbeatInterval` is not pinged: `ping` measures at any time.
   */
  get latency(): number | undefined {
    return this.#engine.latency
  }

  /** Bytes given to `send` and not yet taken by the system, framing included. */
  get bufferedBytes(): number {
    return this.#engine.bufferedBytes
  }

  /**
   * True when `send` would resolve at once. False while the peer reads too slowly, while a message is being sent as a
   * stream, and when the socket is not open. For producers that would rather skip a message than wait.
   */
  get writable(): boolean {
    return this.#engine.sender.writable
  }

  /**
   * Messages that were given to `send` and are not sent, because the outgoing budget was used up: those it refused
   * (policy `wait`) and those that had to make room (`drop-oldest`).
   */
  get dropped(): number {
    return this.#engine.droppedMessages
  }

  /**
   * Sends one message: a string as text, bytes as binary.
   *
   * Resolves when the socket can take more, which is at once unless the peer reads too slowly; it does not say that the
   * peer got the message. Rejects with SocketClosedError when the socket is not open, or closes before there is room, and
   * with SendBudgetError when too much waits already (`outgoing`). The rejection counts as handled: a caller who does not
   * look at the promise need not fear an unhandled rejection.
   *
   * What is sent in one turn of the event loop leaves in one write at its end; the replies to what arrives, as soon as it
   * has been read.
   *
   * Bytes are copied at once and may be used again; but a server sends 64 KiB and more from where they are, so leave those
   * unchanged until the promise has resolved.
   *
   * @throws SocketInputError (`DATA_TYPE`) at once, for anything that is no string, ArrayBuffer or view of one.
   */
  send(data: SocketData, options?: SendOptions): Promise<void> {
    const message = readData(data)
    if (!this.#engine.sends) return this.#refuse('Sending')
    return this.#engine.sender.send(message, options?.compress)
  }

  /**
   * Sends one message whose content is still to come, in fragments and only as fast as the peer reads: an async
   * generator, a `ReadableStream`, a Node stream. Other messages wait until it is through, in the order of the calls;
   * Pings and Pongs do not.
   *
   * Resolves as `send` does, when all of it has been sent. When the source fails, the chunks are not what a message is
   * made of, or `signal` aborts, the promise rejects with that error. A message that has begun cannot be taken back then,
   * and WebSocket has no way to say so: the socket is closed with 1011. `close` does not wait for it either; it cuts it
   * off. The rejection counts as handled.
   *
   * @throws SocketInputError (`SOURCE_TYPE`) at once, for anything that is no async iterable.
   */
  sendStream(source: AsyncIterable<SocketData>, options: SendStreamOptions = {}): Promise<void> {
    const chunks = readSource(source)
    if (!this.#engine.sends) return this.#refuse('Sending')
    return this.#engine.sender.sendStream(chunks, options)
  }

  /**
   * Sends a Ping and resolves with the round trip in milliseconds when its Pong comes. Without a payload each Ping
   * carries a counter, so that no Pong is taken for another's. Rejects with SocketClosedError (handled, as for `send`)
   * when the socket is not open or closes first; there is no other timeout.
   *
   * @throws SendError (`CONTROL_PAYLOAD_TOO_LONG`) at once, for more than 125 bytes.
   */
  ping(payload?: SocketData): Promise<number> {
    const bytes = payload === undefined ? undefined : readBytes(payload)
    if (!this.#engine.sends) return this.#refuse('Sending a Ping')
    return handled(this.#engine.sender.sendPing(bytes))
  }

  /**
   * Sends a Pong nobody asked for, as a heartbeat that wants no answer (RFC 6455 §5.5.3). Pings are answered without it.
   * Does nothing when the socket is not open.
   *
   * @throws SendError (`CONTROL_PAYLOAD_TOO_LONG`) at once, for more than 125 bytes.
   */
  pong(payload: SocketData = new Uint8Array(0)): void {
    const bytes = readBytes(payload)
    if (this.#engine.sends) this.#engine.sender.sendPong(bytes)
  }

  /**
   * Begins the closing handshake and resolves when the connection is over. Bounded by the `closeTimeout` limit, also
   * when a handler is busy or nobody reads; it counts from when the peer last took something of what was sent before. Calling it again changes nothing.
   *
   * @param code The status code; without one, an empty Close is sent and the peer sees 1005.
   * @param reason At most 123 bytes of UTF-8; needs a code.
   * @throws SendError (`CLOSE_CODE_NOT_SENDABLE`, `CLOSE_REASON_TOO_LONG`, `CLOSE_REASON_WITHOUT_CODE`) at once, for what
   *   must not be sent (RFC 6455 §7.4); SocketInputError (`DATA_TYPE`) for a reason that is no string.
   */
  close(code?: number, reason: string = ''): Promise<Closing> {
    const text = readReason(reason)
    if (this.#engine.sends) this.#engine.beginClose(code, text)
    return this.#engine.closed
  }

  /** Drops the connection at once, without a closing handshake. */
  terminate(): void {
    if (!this.#engine.closing) this.#engine.terminate()
  }

  /**
   * Sends every message to handlers from now on, those that have waited first. Once per socket, and not together with
   * iteration.
   *
   * @throws SocketInputError (`ALREADY_READ`)
   */
  consume(consumer: Consumer): void {
    this.#engine.delivery.consume(consumer)
  }

  /**
   * Messages as they come, read only as fast as the loop takes them. Ends after a clean closing handshake; throws
   * SocketClosedError when the connection ended otherwise, after the messages that had arrived before.
   * Leaving the loop does not close the socket: a later loop goes on where this one stopped.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message, undefined> {
    const delivery = this.#engine.delivery
    return {
      next: () => delivery.next(),
      return: async () => ({ done: true, value: undefined }),
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  /**
   * The same with every message as a stream, for a socket that was opened with `streamFrom`: each can be read while it
   * still arrives. Asking for the next message throws away what was not read of the one before.
   */
  streams(): AsyncIterableIterator<MessageStream, undefined> {
    const delivery = this.#engine.delivery
    return {
      next: () => delivery.nextStream(),
      return: async () => ({ done: true, value: undefined }),
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  /** Closes with 1000 and waits until the connection is over. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(1000)
  }

  #refuse(doing: string): Promise<never> {
    return handled(Promise.reject(new SocketClosedError(doing, this.#engine.closing)))
  }
}
