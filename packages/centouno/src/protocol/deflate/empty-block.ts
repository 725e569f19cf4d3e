/**
 * What a sender removes from the end of each compressed message and a receiver puts back: an empty block without
 * compression, all but its first bits (RFC 7692 §7.2.1, §7.2.2).
 */
export const emptyBlockTail: Uint8Array = Uint8Array.of(0x00, 0x00, 0xff, 0xff)

/** An empty message, or what is left to send of one that ends: one byte, the first bits of that block (§7.2.3.6). */
export const emptyMessage: Uint8Array = Uint8Array.of(0x00)

/** A flushed stream without the end that the receiver puts back. */
export function withoutTail(flushed: Uint8Array): Uint8Array {
  return flushed.length > emptyBlockTail.length ? flushed.subarray(0, -emptyBlockTail.length) : emptyMessage
}
