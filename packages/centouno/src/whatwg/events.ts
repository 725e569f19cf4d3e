/** A message arrived. `data` is a string, or a Blob or an ArrayBuffer as `binaryType` says. */
export class MessageEvent extends Event {
  readonly data: unknown
  /** The origin of the server: `wss://example.com`. */
  readonly origin: string
  // The standard's interface serves other senders too; a WebSocket leaves these as they are.
  readonly lastEventId: string = ''
  readonly source: null = null
  readonly ports: readonly [] = []

  constructor(type: string, init: { readonly data?: unknown; readonly origin?: string } = {}) {
    super(type)
    this.data = init.data ?? null
    this.origin = init.origin ?? ''
  }
}

/** The connection is over. */
export class CloseEvent extends Event {
  /** The status code of the peer's Close; 1005 when it had none, 1006 when no Close came. */
  readonly code: number
  readonly reason: string
  /** Whether the closing handshake was completed. */
  readonly wasClean: boolean

  constructor(
    type: string,
    init: { readonly code?: number; readonly reason?: string; readonly wasClean?: boolean } = {},
  ) {
    super(type)
    this.code = init.code ?? 0
    this.reason = init.reason ?? ''
    this.wasClean = init.wasClean ?? false
  }
}

/**
 * The connection could not be established, or broke. Browsers tell no more than that; here `error` says why: a
 * ConnectError with its report, or a SocketClosedError with the closing.
 */
export class ErrorEvent extends Event {
  readonly error: Error
  readonly message: string

  constructor(type: string, init: { readonly error: Error }) {
    super(type)
    this.error = init.error
    this.message = init.error.message
  }
}

/** The events of a {@link WebSocket}. */
export interface WebSocketEventMap {
  readonly open: Event
  readonly message: MessageEvent
  readonly error: ErrorEvent
  readonly close: CloseEvent
}
