import { Blob } from 'node:buffer'
import type { ClientSocket } from '../client/client-socket.ts'
import { connect } from '../client/connect.ts'
import type { ConnectError } from '../client/connect-error.ts'
import type { Closing } from '../protocol/connection/closing.ts'
import type { WebSocketUri } from '../protocol/handshake/websocket-uri.ts'
import { SocketClosedError } from '../socket/socket-errors.ts'
import { checkCloseArguments, checkProtocols, checkUrl } from './arguments.ts'
import { EventHandlers } from './event-handlers.ts'
import type { EventHandler } from './event-handlers.ts'
import { CloseEvent, ErrorEvent, MessageEvent } from './events.ts'
import type { WebSocketEventMap } from './events.ts'
import { Outgoing } from './outgoing.ts'
import type { BlobContent, OutgoingData } from './outgoing.ts'

/** How binary messages arrive. */
export type BinaryType = 'blob' | 'arraybuffer'

const abnormalClosure = 1006

/**
 * The standard has no backpressure and no end of its queue, but says what to do where there is one: close. Code written
 * for browsers looks at `bufferedAmount`, if at anything, so there is much room.
 */
const outgoing = { bytes: 256 * 1024 * 1024, policy: 'close' } as const

type Listener = Parameters<EventTarget['addEventListener']>[1]
type ListenerOptions = Parameters<EventTarget['addEventListener']>[2]

/**
 * The WebSocket class of the WebSockets standard, for code that expects it.
 *
 * It departs from browsers in one point: the `error` event carries `error`, which says why. It has no backpressure, as
 * the standard has none: use `connect()` where that matters.
 */
export class WebSocket extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSING = 2
  static readonly CLOSED = 3
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSING = 2
  readonly CLOSED = 3

  readonly #uri: WebSocketUri
  readonly #origin: string
  readonly #handlers = new EventHandlers(this)
  readonly #abort = new AbortController()
  #readyState: 0 | 1 | 2 | 3 = 0
  #binaryType: BinaryType = 'blob'
  #socket: ClientSocket | undefined
  #outgoing: Outgoing | undefined
  /** Bytes given to `send` when they could not be sent any more. */
  #lostBytes = 0

  /** @throws DOMException `SyntaxError` for a URL or a subprotocol that cannot be used. */
  constructor(url: string | URL, protocols: string | readonly string[] = []) {
    super()
    this.#uri = checkUrl(String(url))
    this.#origin = new URL(this.#uri.href).origin
    const subprotocols = checkProtocols(protocols)
    connect(this.#uri.href, { subprotocols, signal: this.#abort.signal, outgoing }).then(
      (socket) => this.#opened(socket),
      (error: ConnectError) => this.#failed(error),
    )
  }

  get url(): string {
    return this.#uri.href
  }

  get readyState(): 0 | 1 | 2 | 3 {
    return this.#readyState
  }

  /** Bytes of messages that `send` has taken and that have not left yet. */
  get bufferedAmount(): number {
    return this.#lostBytes + (this.#outgoing?.bytes ?? 0)
  }

  /** The agreed subprotocol; empty when there is none, and before the connection is open. */
  get protocol(): string {
    return this.#socket?.subprotocol ?? ''
  }

  get extensions(): string {
    return this.#socket?.extensions ?? ''
  }

  /** `blob` unless set; other values are ignored, as the standard has it. */
  get binaryType(): BinaryType {
    return this.#binaryType
  }

  set binaryType(type: BinaryType) {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type
  }

  get onopen(): EventHandler<'open'> {
    return this.#handlers.get('open')
  }

  set onopen(handler: EventHandler<'open'>) {
    this.#handlers.set('open', handler)
  }

  get onmessage(): EventHandler<'message'> {
    return this.#handlers.get('message')
  }

  set onmessage(handler: EventHandler<'message'>) {
    this.#handlers.set('message', handler)
  }

  get onerror(): EventHandler<'error'> {
    return this.#handlers.get('error')
  }

  set onerror(handler: EventHandler<'error'>) {
    this.#handlers.set('error', handler)
  }

  get onclose(): EventHandler<'close'> {
    return this.#handlers.get('close')
  }

  set onclose(handler: EventHandler<'close'>) {
    this.#handlers.set('close', handler)
  }

  /**
   * Sends one message. After `close()` it is dropped, and counted in `bufferedAmount`.
   *
   * @throws DOMException `InvalidStateError` before the connection is open.
   */
  send(data: string | ArrayBuffer | ArrayBufferView | BlobContent): void {
    if (this.#readyState === this.CONNECTING) {
      throw new DOMException('The connection is not open yet: wait for the event "open".', 'InvalidStateError')
    }
    const message = snapshot(data)
    const size = sizeOf(message)
    if (this.#readyState === this.OPEN) this.#outgoing?.send(message, size)
    else this.#lostBytes += size
  }

  /**
   * Begins the closing handshake, or gives up connecting. No message is dispatched from then on.
   *
   * @throws DOMException `InvalidAccessError` for a code other than 1000 and 3000 to 4999, `SyntaxError` for a reason of
   * more than 123 bytes.
   */
  close(code?: number, reason?: string): void {
    const checked = checkCloseArguments(code, reason)
    if (this.#readyState >= this.CLOSING) return
    const connecting = this.#readyState === this.CONNECTING
    this.#readyState = this.CLOSING
    if (connecting) this.#abort.abort(new Error('close() was called before the connection was open'))
    else this.#outgoing?.close(checked.code, checked.reason)
  }

  override addEventListener<Type extends keyof WebSocketEventMap>(
    type: Type,
    listener: (this: WebSocket, event: WebSocketEventMap[Type]) => unknown,
    options?: ListenerOptions,
  ): void
  override addEventListener(type: string, listener: Listener, options?: ListenerOptions): void
  override addEventListener(type: string, listener: unknown, options?: ListenerOptions): void {
    super.addEventListener(type, listener as Listener, options)
  }

  #opened(socket: ClientSocket): void {
    this.#socket = socket
    this.#outgoing = new Outgoing(socket)
    if (this.#readyState === this.CONNECTING) {
      this.#readyState = this.OPEN
      this.dispatchEvent(new Event('open'))
    } else {
      // close() was called when the connection was open but nobody had been told yet.
      socket.terminate()
    }
    socket.consume({
      message: (data) => this.#received(data),
      closeReceived: () => {
        this.#readyState = this.CLOSING
      },
      closed: (closing) => this.#closed(closing),
    })
  }

  #received(data: string | Uint8Array): void {
    if (this.#readyState !== this.OPEN) return
    this.dispatchEvent(new MessageEvent('message', { data: this.#present(data), origin: this.#origin }))
  }

  #present(data: string | Uint8Array): string | Blob | ArrayBuffer {
    if (typeof data === 'string') return data
    return this.#binaryType === 'blob' ? new Blob([data]) : new Uint8Array(data).buffer
  }

  #failed(error: ConnectError): void {
    this.#readyState = this.CLOSED
    this.dispatchEvent(new ErrorEvent('error', { error }))
    this.dispatchEvent(new CloseEvent('close', { code: abnormalClosure }))
  }

  #closed(closing: Closing): void {
    const { code, reason, clean } = closing
    this.#readyState = this.CLOSED
    // The standard fires `error` where the connection was failed, which RFC 6455 §7.2.1 asks for also when TCP is lost.
    // Chromium does not then; but nothing else here can carry the cause.
    if (!clean) {
      this.dispatchEvent(new ErrorEvent('error', { error: new SocketClosedError('Going on', closing) }))
    }
    this.dispatchEvent(new CloseEvent('close', { code, reason, wasClean: clean }))
  }
}

/** The data as it is now: the caller may change its bytes after the call. Other types become text, as Web IDL has it. */
function snapshot(data: string | ArrayBuffer | ArrayBufferView | BlobContent): OutgoingData {
  if (typeof data === 'string' || data instanceof Blob) return data
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
  return data instanceof ArrayBuffer ? new Uint8Array(data.slice(0)) : String(data)
}

function sizeOf(data: OutgoingData): number {
  if (typeof data === 'string') return new TextEncoder().encode(data).length
  return data instanceof Uint8Array ? data.byteLength : data.size
}
