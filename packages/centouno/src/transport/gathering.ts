import { takeRegion } from '../protocol/frame/slab.ts'

const noBytes = new Uint8Array(0)

/** Longer pieces are not moved: a second piece in the write costs less. */
const movedUpTo = 8 * 1024

/**
 * What waits to leave in one write. Frames come from one slab, mostly one right behind the other: then to gather them is
 * to remember where the last one ends. Small ones that lie apart are brought together, so that the system gets one
 * piece: describing many to it costs more than to copy them.
 */
export class Gathering {
  /** Total, in bytes. */
  length = 0
  /** Pieces that are complete; the last one is still growing. */
  #pieces: Uint8Array[] | undefined
  #bytes: Uint8Array = noBytes
  #start = 0
  #end = 0
  /** Where the room ends that was taken here for more, behind the last piece; 0 when it lies where it came from. */
  #roomEnd = 0

  /** Adds `bytes` from `start` to `end`, which nobody changes from now on. */
  add(bytes: Uint8Array, start: number, end: number): void {
    const added = end - start
    const length = this.#end - this.#start
    this.length += added
    if (length === 0) this.#begin(bytes, start, end)
    else if (bytes === this.#bytes && start === this.#end) this.#end = end
    else if (added > movedUpTo || length > movedUpTo) this.#beginNext(bytes, start, end)
    else this.#move(bytes, start, end)
  }

  /** Hands over all of it, in order, and is empty again. */
  take(): readonly Uint8Array[] {
    const last = view(this.#bytes, this.#start, this.#end)
    const pieces = this.#pieces
    pieces?.push(last)
    this.length = 0
    this.#pieces = undefined
    this.#begin(noBytes, 0, 0)
    return pieces ?? [last]
  }

  #begin(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes
    this.#start = start
    this.#end = end
    this.#roomEnd = 0
  }

  #beginNext(bytes: Uint8Array, start: number, end: number): void {
    this.#pieces ??= []
    this.#pieces.push(view(this.#bytes, this.#start, this.#end))
    this.#begin(bytes, start, end)
  }

  #move(bytes: Uint8Array, start: number, end: number): void {
    if (this.#end + (end - start) > this.#roomEnd) this.#makeRoom(end - start)
    copy(bytes, start, end, this.#bytes, this.#end)
    this.#end += end - start
  }

  /** Twice what is needed, so that what is gathered in the same way later is moved once at most, on average. */
  #makeRoom(added: number): void {
    const { bytes, start, end } = takeRegion(2 * (this.#end - this.#start + added))
    copy(this.#bytes, this.#start, this.#end, bytes, start)
    this.#end = start + (this.#end - this.#start)
    this.#start = start
    this.#bytes = bytes
    this.#roomEnd = end
  }
}

/** As the streams of Node want it, which otherwise make a second view. */
function view(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
}

/** A call that copies costs more than to copy so few. */
const shortCopy = 32

function copy(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  const length = end - start
  if (length > shortCopy) target.set(source.subarray(start, end), at)
  else for (let index = 0; index < length; index++) target[at + index] = source[start + index] as number
}
