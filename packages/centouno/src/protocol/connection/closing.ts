/** What brought a connection to its end. The one code 1006 that the standard offers is told apart by this. */
export type ClosingCause =
  /** Both sides sent Close (RFC 6455 §7.1.4). */
  | 'closing-handshake'
  /** The peer sent FIN without a Close. */
  | 'peer-fin'
  /** The peer reset the TCP connection. */
  | 'peer-reset'
  /** The peer's TLS ended the connection with an alert; the error names it. */
  | 'tls-alert'
  /** The transport failed otherwise; see the error. */
  | 'transport-error'
  /** The peer broke a rule of framing or of closing; `violation` names it. */
  | 'protocol-violation'
  /** The peer went over one of our limits; `violation` names it. */
  | 'over-limit'
  /** The peer did not answer our Close in time. */
  | 'close-timeout'
  /** Nothing came after a Ping within `heartbeatTimeout`: the peer, or the path to it, is dead. */
  | 'heartbeat-timeout'
  /** No message came or went for `idleTimeout`. */
  | 'idle-timeout'
  /** The connection had been open for `maxLifetime`. */
  | 'lifetime'
  /** The peer read nothing of what was sent for `writeTimeout`. */
  | 'write-timeout'
  /** `terminate()` was called here. */
  | 'local-abort'

/** A Close frame's content. `code` is 1005 when the frame was empty (RFC 6455 §7.1.5). */
export interface CloseFrame {
  readonly code: number
  readonly reason: string
}

/** How a connection ended, as seen from this side. */
export interface Closing {
  /** The WebSocket connection close code (RFC 6455 §7.1.5): the peer's, or 1005, or 1006 when no Close came. */
  readonly code: number
  readonly reason: string
  /** True when the closing handshake was completed, whatever caused it. */
  readonly clean: boolean
  readonly cause: ClosingCause
  /** Who began to end it. */
  readonly initiator: 'local' | 'remote'
  /** The Close this side sent, if it did. */
  readonly sent: CloseFrame | undefined
  /** The Close the peer sent, if it did. */
  readonly received: CloseFrame | undefined
  /** The code of the violation or limit that ended it, from the table of violations. */
  readonly violation: string | undefined
  /** The transport's error, if one ended it. */
  readonly error: Error | undefined
  /**
   * For how many milliseconds nothing had come or gone when the peer, or the path, ended it without a Close. Left out
   * where it was ended otherwise, and where that was no silence to speak of: less than a second.
   */
  readonly silence?: number
}
