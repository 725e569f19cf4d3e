/** What one connection may take from its peer, and how long it waits. Each limit names itself when it strikes. */
export interface ConnectionLimits {
  /** Bytes of one message, over all its frames; more is answered 1009. */
  readonly messageBytes: number
  /** Frames of one message, empty ones counted; more is answered 1008. */
  readonly messageFrames: number
  /** Milliseconds to wait for the peer's Close, and then for the end of the transport, after ours was sent. */
  readonly closeTimeout: number
}

/** The limits of a connection where none are given. */
export const defaultConnectionLimits: ConnectionLimits = {
  // Small messages are what WebSocket is for; peers that need more say so. One place counts it: the assembler.
  messageBytes: 1024 * 1024,
  // Fragments are copied into one buffer, so a frame costs nothing to hold; suites send 65,537 of them.
  messageFrames: 131_072,
  // Long enough for a slow path, short enough that a silent peer does not hold a descriptor.
  closeTimeout: 5_000,
}
