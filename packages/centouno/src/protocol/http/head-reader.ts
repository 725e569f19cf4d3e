import { decodeLatin1 } from '../encoding/latin1.ts'
import type { HeadFault, HeadLimits } from './head.ts'
import { leadingEmptyLineLimit } from './head-limits.ts'
import { quote } from './quote.ts'

const carriageReturn = 0x0d
const lineFeed = 0x0a
const nothing = new Uint8Array(0)

/** What a chunk of bytes made of the head. */
export type HeadReading =
  | { readonly kind: 'more' }
  | {
      readonly kind: 'head'
      /** The head's bytes, start line to empty line. */
      readonly head: Uint8Array
      /** A copy of the bytes after the empty line: the caller's chunk may be reused. */
      readonly rest: Uint8Array
    }
  | {
      readonly kind: 'fault'
      readonly fault: HeadFault
      /** The bytes up to the one that was too many. */
      readonly received: Uint8Array
    }

/**
 * Finds where a message head ends, and holds its bytes until then. It looks at each byte once, as it comes, and copies
 * it a bounded number of times, so that a head sent byte by byte costs no more than one sent whole.
 *
 * Only ends and sizes are found here; what the lines say is for `parseRequestHead` and `parseResponseHead`. A lone LF
 * ends a line as well (RFC 9112 §2.2): a peer that sends none but those gets its fault named instead of silence.
 *
 * After a head the reader is ready for the next one (a 101 may follow a 103); after a fault it only repeats the fault.
 */
export class HeadReader {
  readonly #limits: HeadLimits
  #held: Uint8Array = nothing
  #length = 0
  /** Where the line being read starts, counted from the start of the head. */
  #lineStart = 0
  #endsWithReturn = false
  #leadingEmptyLines = 0
  #startLineRead = false
  #fieldBytes = 0
  #fieldCount = 0
  #fault: HeadReading | undefined

  constructor(limits: HeadLimits) {
    this.#limits = limits
  }

  /** A copy of the bytes held so far, for a report on a head that never ended. */
  get received(): Uint8Array {
    return new Uint8Array(this.#held.subarray(0, this.#length))
  }

  /** Takes the next bytes from the wire. Any split of the same bytes comes to the same result. */
  receive(chunk: Uint8Array): HeadReading {
    if (this.#fault !== undefined) return this.#fault
    let start = 0
    while (start < chunk.length) {
      let end = start
      while (end < chunk.length && chunk[end] !== lineFeed) end++
      const excess = this.#growLine(chunk, start, end)
      if (excess !== undefined) return this.#fail(chunk.subarray(0, excess + 1), this.#lineLimit)
      if (end === chunk.length) break
      const step = this.#endLine(end)
      if (step === 'end') return this.#finish(chunk, end + 1)
      if (step !== 'more') return this.#fail(chunk.subarray(0, end + 1), step)
      start = end + 1
    }
    this.#hold(chunk)
    return { kind: 'more' }
  }

  get #lineLimit(): 'startLine' | 'fieldBytes' {
    return this.#startLineRead ? 'fieldBytes' : 'startLine'
  }

  /**
   * Takes a piece of a line, its LF left out, and gives the index of the byte that goes over the limit, if one does.
   * Line ends are not counted: a CR just over the limit may be the first half of one, until another byte follows it.
   */
  #growLine(chunk: Uint8Array, start: number, end: number): number | undefined {
    if (start === end) return undefined
    this.#endsWithReturn = chunk[end - 1] === carriageReturn
    const room = this.#limits[this.#lineLimit] - this.#fieldBytes
    const before = this.#length + start - this.#lineStart
    if (before + end - start <= room) return undefined
    if (before > room) return start
    const excess = start + room - before
    if (chunk[excess] !== carriageReturn) return excess
    return excess + 1 < end ? excess + 1 : undefined
  }

  /** Ends the line at the LF with this index in the chunk. */
  #endLine(index: number): 'more' | 'end' | 'fieldCount' {
    const length = this.#length + index - this.#lineStart - (this.#endsWithReturn ? 1 : 0)
    if (length === 0) {
      if (this.#startLineRead || this.#leadingEmptyLines === leadingEmptyLineLimit) return 'end'
      this.#leadingEmptyLines++
    } else if (this.#startLineRead) {
      if (this.#fieldCount === this.#limits.fieldCount) return 'fieldCount'
      this.#fieldCount++
      this.#fieldBytes += length
    } else {
      this.#startLineRead = true
    }
    this.#lineStart = this.#length + index + 1
    this.#endsWithReturn = false
    return 'more'
  }

  #hold(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length
    if (needed > this.#held.length) {
      // Doubled, so that bytes that come one by one are moved twice on average, not once for each that follows.
      const grown = new Uint8Array(Math.max(needed, 2 * this.#held.length))
      grown.set(this.#held.subarray(0, this.#length))
      this.#held = grown
    }
    this.#held.set(bytes, this.#length)
    this.#length = needed
  }

  #finish(chunk: Uint8Array, end: number): HeadReading {
    this.#hold(chunk.subarray(0, end))
    const head = this.#held.subarray(0, this.#length)
    this.#held = nothing
    this.#length = 0
    this.#lineStart = 0
    this.#endsWithReturn = false
    this.#leadingEmptyLines = 0
    this.#startLineRead = false
    this.#fieldBytes = 0
    this.#fieldCount = 0
    // Not slice(): on a Buffer that would be a view.
    const rest = end === chunk.length ? nothing : new Uint8Array(chunk.subarray(end))
    return { kind: 'head', head, rest }
  }

  #fail(bytes: Uint8Array, limit: keyof HeadLimits): HeadReading {
    this.#hold(bytes)
    const received = this.received
    const line = decodeLatin1(received.subarray(this.#lineStart))
    const fault = { rule: 'H-H1-11', found: quote(line.replace(/\r?\n$/, '')), limit }
    this.#fault = { kind: 'fault', fault, received }
    return this.#fault
  }
}
