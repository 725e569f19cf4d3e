import { Queue } from './queue.ts'

/** A frame that the transport has no room for yet. */
export interface WaitingFrame {
  readonly bytes: Uint8Array
  /** The rest of it, where it has not been moved. */
  readonly payload: Uint8Array | undefined
  /** A whole message, which nothing before or after it needs. */
  readonly droppable: boolean
}

/** Frames in their order, and how many bytes they are. */
export class WaitingFrames {
  readonly #queue = new Queue<WaitingFrame>()
  #bytes = 0

  get length(): number {
    return this.#queue.length
  }

  get bytes(): number {
    return this.#bytes
  }

  push(frame: WaitingFrame): void {
    this.#queue.push(frame)
    this.#bytes += lengthOf(frame)
  }

  /** Takes the oldest; undefined when there is none. */
  shift(): WaitingFrame | undefined {
    return this.#without(this.#queue.shift())
  }

  /** Takes the oldest that may be dropped; undefined when there is none. */
  takeDroppable(): WaitingFrame | undefined {
    return this.#without(this.#queue.take((frame) => frame.droppable))
  }

  clear(): void {
    this.#queue.takeAll()
    this.#bytes = 0
  }

  #without(frame: WaitingFrame | undefined): WaitingFrame | undefined {
    if (frame !== undefined) this.#bytes -= lengthOf(frame)
    return frame
  }
}

function lengthOf({ bytes, payload }: WaitingFrame): number {
  return bytes.length + (payload?.length ?? 0)
}
