import type { Direction, TapePiece } from '../wire/tape.ts'

/** A place where bytes of a stream are missing from the capture; it goes on after them. */
export interface TapeGap {
  readonly direction: Direction
  /** When the first byte after it came, or the last before it when none did. */
  readonly atMs: number
  /** How many bytes of this direction's tape stand before it. */
  readonly afterBytes: number
  /** How many are missing. */
  readonly bytes: number
}

interface StreamPiece {
  readonly offset: number
  readonly atMs: number
  readonly bytes: Uint8Array
}

/** The stream of one direction, joined from payloads that may come in any order, cut in any way, and more than once. */
export class ByteStream {
  /** In order, none over another. */
  readonly #pieces: StreamPiece[] = []
  /** Payloads that said something else about bytes that were there already. */
  differing = 0

  /** Takes the payload of one segment. Of bytes that came before, the first are kept, as a receiver does. */
  add(offset: number, atMs: number, payload: Uint8Array): void {
    // What was sent before the capture began has no place.
    let from = Math.max(offset, 0)
    const end = offset + payload.length
    let at = this.#indexOf(from)
    let differs = false
    const part = (start: number, stop: number): Uint8Array => payload.subarray(start - offset, stop - offset)
    while (from < end) {
      const next = this.#pieces[at]
      const free = Math.min(next?.offset ?? end, end)
      if (from < free) {
        this.#pieces.splice(at, 0, { offset: from, atMs, bytes: part(from, free) })
        from = free
        at++
        continue
      }
      if (next === undefined) break
      const stop = Math.min(end, next.offset + next.bytes.length)
      differs ||= !same(part(from, stop), next.bytes.subarray(from - next.offset, stop - next.offset))
      from = stop
      at++
    }
    if (differs) this.differing++
  }

  /**
   * The stream as the other side could read it: a piece counts from when the last byte before it was there.
   *
   * @param length How long it is at least; what is missing up to there is a gap.
   */
  tape(direction: Direction, length: number): { pieces: TapePiece[]; gaps: TapeGap[] } {
    const pieces: TapePiece[] = []
    const gaps: TapeGap[] = []
    let offset = 0
    let afterBytes = 0
    let atMs = 0
    for (const piece of this.#pieces) {
      atMs = Math.max(atMs, piece.atMs)
      if (piece.offset > offset) gaps.push({ direction, atMs, afterBytes, bytes: piece.offset - offset })
      pieces.push({ direction, atMs, bytes: piece.bytes })
      offset = piece.offset + piece.bytes.length
      afterBytes += piece.bytes.length
    }
    if (length > offset) gaps.push({ direction, atMs, afterBytes, bytes: length - offset })
    return { pieces, gaps }
  }

  /** The first piece that ends after this offset. */
  #indexOf(offset: number): number {
    let low = 0
    let high = this.#pieces.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const piece = this.#pieces[middle]
      if (piece !== undefined && piece.offset + piece.bytes.length > offset) high = middle
      else low = middle + 1
    }
    return low
  }
}

function same(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index])
}
