/** How much one socket holds in each direction before it stops reading from its peer. */
export interface FlowLimits {
  /** Bytes of messages that wait for the application. A chunk that was already read, and one message, may go beyond. */
  readonly inboxBytes: number
  /**
   * Bytes that wait for the peer to read them: a peer that does not read is not read from either. Has no effect below
   * the transport's own mark (16 to 64 KiB for a Node stream).
   */
  readonly outputBytes: number
}

export const defaultFlowLimits: FlowLimits = {
  // A handler that is busy for a moment should not stop the flow; four full reads of a Node socket (64 KiB) allow that.
  inboxBytes: 256 * 1024,
  // Enough to keep a fast path full; a peer that lets more than this gather does not read.
  outputBytes: 1024 * 1024,
}
