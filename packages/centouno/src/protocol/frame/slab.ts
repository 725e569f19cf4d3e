/*
 * Memory for outgoing frames. Asking the system for a few hundred bytes costs more than everything else that is done to
 * a small frame, so small ones are cut one after another from a larger piece. A region is handed out once and never
 * again: whoever got it may keep it, but as it keeps the whole slab alive, nothing that an application sees is cut here.
 */

/** Small, because one frame in the queue of a slow peer keeps all of it; Node's own pool of buffers is no larger. */
const slabBytes = 8 * 1024
/** Longer frames get memory of their own, so that little of a slab is left over when it is given up. */
const sharedUpTo = slabBytes / 4

let slab = new Uint8Array(0)
let used = 0

/** New memory of `length` bytes, all zero. */
export function takeBytes(length: number): Uint8Array {
  if (length > sharedUpTo) return new Uint8Array(length)
  if (length > slab.length - used) {
    slab = new Uint8Array(slabBytes)
    used = 0
  }
  used += length
  return slab.subarray(used - length, used)
}
