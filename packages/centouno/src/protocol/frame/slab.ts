/*
 * Memory for outgoing frames. Asking the system for a few hundred bytes costs more than everything else that is done to
 * a small frame, so small ones are cut one after another from a larger piece: what one socket sends in one turn mostly
 * lies in one piece then, and leaves as one. A region is handed out once and never again: whoever got it may keep it,
 * but as it keeps the whole slab alive, nothing that an application sees is cut here.
 */

import { unwrittenBytes } from '../unwritten-bytes.ts'

/** A piece of memory. */
export interface Region {
  bytes: Uint8Array
  start: number
  end: number
}

/** One frame in the queue of a slow peer keeps all of it. */
const slabBytes = 32 * 1024
/** Longer frames get memory of their own, so that little of a slab is left over when it is given up. */
const sharedUpTo = slabBytes / 4

let slab = new Uint8Array(0)
let used = 0

/** What the last call has taken: always the same object, so that none is made for each frame. */
const taken: Region = { bytes: slab, start: 0, end: 0 }

/**
 * New memory of `length` bytes with anything in it: what is not written over must not leave. Read the answer before the
 * next call.
 */
export function takeRegion(length: number): Readonly<Region> {
  if (length > sharedUpTo) {
    taken.bytes = unwrittenBytes(length)
    taken.start = 0
    taken.end = length
    return taken
  }
  if (length > slab.length - used) {
    slab = new Uint8Array(slabBytes)
    used = 0
  }
  taken.bytes = slab
  taken.start = used
  used += length
  taken.end = used
  return taken
}
