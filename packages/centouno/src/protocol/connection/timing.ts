/**
 * What one connection does as time goes by, in milliseconds. Those that may be `false` are switched off by it. Each
 * names itself in the Close that it leads to.
 */
export interface ConnectionTiming {
  /**
   * A Ping goes out when nothing was received for so long. Any bytes count as life, so a busy connection is never
   * pinged.
   */
  readonly heartbeatInterval: number | false
  /**
   * How long after such a Ping something must have come. Otherwise the peer is taken for dead: it is sent a Close with
   * 1011, which it finds if it wakes up, and the transport is dropped at once. `false`: Pings go out to keep the path
   * open, and nothing is made of silence.
   */
  readonly heartbeatTimeout: number | false
  /** How long no part of a message may come or go; then the connection is closed with 1001. */
  readonly idleTimeout: number | false
  /** How long the connection may be open; then it is closed with 1001. */
  readonly maxLifetime: number | false
  /**
   * How long the transport may take nothing of what is queued for it, because the peer does not read; then it is
   * dropped. Noticed within an eighth of this time.
   */
  readonly writeTimeout: number | false
  /**
   * How long to wait for the peer's Close after ours was sent, and then again for the end of the transport. While what was
   * sent before is still being taken, slowly, the time counts from when some of it last was.
   */
  readonly closeTimeout: number
}

/** The timing of a connection where none is given. */
export const defaultTiming: ConnectionTiming = {
  // Shorter than the 60 s after which proxies and NATs commonly forget a silent connection.
  heartbeatInterval: 30_000,
  // A path that takes longer to answer is of no use to anybody; TCP retransmits several times in this span.
  heartbeatTimeout: 10_000,
  // A connection may well be there to be ready. Only the application knows when silence means that nobody needs it.
  idleTimeout: false,
  // For those who must spread connections anew over servers, or whose tokens expire.
  maxLifetime: false,
  // What is queued pins memory, and a peer that reads nothing for so long will not read again.
  writeTimeout: 30_000,
  // Long enough for a slow path, short enough that a silent peer does not hold a descriptor.
  closeTimeout: 5_000,
}

/** A time that is switched off never comes. */
export function orNever(time: number | false): number {
  return time === false ? Number.POSITIVE_INFINITY : time
}
