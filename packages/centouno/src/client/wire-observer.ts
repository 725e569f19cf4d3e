/** Which way bytes went, as the client sees it. */
export type WireDirection = 'sent' | 'received'

/** The two ends of a TCP connection, as `address:port`; of a Unix socket, its path. */
export interface WireEnds {
  readonly local: string
  readonly remote: string
}

/**
 * Watches what crosses the wire: the bytes below TLS, with those of the dialogue with a proxy, from the first to the
 * last. Times are milliseconds since the attempt began. What it throws is dropped: watching does not change what is
 * watched. Bytes are shown and not given away: they must not be altered.
 */
export interface WireObserver {
  /** A connection was established: the first of an attempt. After a redirect there is another one. */
  connected?(ends: WireEnds, atMs: number): void
  /** Bytes that are handed to the system, or that came from it, in order. How they are cut has no meaning. */
  bytes(direction: WireDirection, bytes: Uint8Array, atMs: number): void
  /** A side said that it will send no more: its FIN. */
  ended?(direction: WireDirection, atMs: number): void
  /** The connection broke, most often by the peer's RST. */
  failed?(error: Error, atMs: number): void
  /** Both directions are over, whichever way. */
  closed?(atMs: number): void
  /**
   * A line of the key log, in the format of SSLKEYLOGFILE and without its line end. It is a secret: who has it can read
   * the connection.
   */
  keyLog?(line: string, atMs: number): void
}

/** Tells an observer, with the time. */
export class WireTelling {
  readonly #observer: WireObserver
  readonly #now: () => number

  constructor(observer: WireObserver, now: () => number) {
    this.#observer = observer
    this.#now = now
  }

  connected(ends: WireEnds): void {
    this.#tell((observer, atMs) => observer.connected?.(ends, atMs))
  }

  bytes(direction: WireDirection, bytes: Uint8Array): void {
    this.#tell((observer, atMs) => observer.bytes(direction, bytes, atMs))
  }

  ended(direction: WireDirection): void {
    this.#tell((observer, atMs) => observer.ended?.(direction, atMs))
  }

  failed(error: Error): void {
    this.#tell((observer, atMs) => observer.failed?.(error, atMs))
  }

  closed(): void {
    this.#tell((observer, atMs) => observer.closed?.(atMs))
  }

  keyLog(line: string): void {
    this.#tell((observer, atMs) => observer.keyLog?.(line, atMs))
  }

  #tell(event: (observer: WireObserver, atMs: number) => unknown): void {
    try {
      const outcome = event(this.#observer, this.#now())
      // An async function fits as well, and a rejection that nobody observes ends the process.
      if (outcome instanceof Promise) outcome.catch(() => {})
    } catch {
      // Watching must not change what is watched.
    }
  }
}
