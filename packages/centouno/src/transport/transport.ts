/**
 * What carries bytes between the two endpoints: a TCP or TLS socket, or a pair in memory.
 * The engine above it never sees a Node stream.
 */
export interface Transport {
  readonly kind: 'tcp' | 'tls' | 'memory'
  /** Bytes written here and not yet taken by the system. */
  readonly queuedBytes: number
  /**
   * Changes whenever the system takes some of what is queued, if only a part of one `write`. Good for comparing with what
   * it was earlier, and for nothing else.
   */
  readonly progress: number
  /** Names the listener and begins to deliver. Called once. */
  start(listener: TransportListener): void
  /**
   * Queues `bytes` from `start` (default: their beginning) to `end`, which nobody changes until they have left; false when
   * the queue has grown past its mark: `drained` will follow. They leave at the end of the turn of the event loop at the
   * latest, together with all that was written in it.
   */
  write(bytes: Uint8Array, start?: number, end?: number): boolean
  /** Holds back what is written until `uncork`, so that the replies to one chunk leave in one write. */
  cork(): void
  uncork(): void
  /** Stops and resumes delivery of bytes; the peer feels it through TCP. */
  pause(): void
  resume(): void
  /** Sends FIN once the queue is empty. */
  finish(): void
  /** Drops the connection at once. Safe to call at any time and more than once. */
  abort(): void
}

/** Told by a transport. Order: any of the first four, then at most one of `ended` and `failed`, and `closed` last, once. */
export interface TransportListener {
  /** Bytes arrived. The view is only valid during the call. */
  received(bytes: Uint8Array): void
  /** What was queued has grown past its mark when it should have left: `drained` will follow. */
  blocked(): void
  /** The queue fell below its mark after a `write` that returned false, or after `blocked`. */
  drained(): void
  /** The peer sent FIN: nothing more will come. */
  ended(): void
  failed(error: Error): void
  closed(): void
}
