/*
 * Sequence numbers count bytes modulo 2^32 (RFC 9293 §3.4): which of two comes first is a matter of the shorter way
 * around.
 */

/** How far it is from one number to another; negative when the other comes before it. */
export function distance(from: number, to: number): number {
  return (to - from) | 0
}

/** The number so many bytes further on. */
export function advanced(sequence: number, bytes: number): number {
  return (sequence + bytes) >>> 0
}
