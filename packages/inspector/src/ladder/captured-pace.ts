import { advanced, distance } from '../tcp/sequence.ts'
import type { Segment } from '../wire/segment.ts'
import type { Direction, TapePiece } from '../wire/tape.ts'

/** Takes segments and pieces in the order in which they are to be told. */
export interface PacedTaker {
  segment(segment: Segment): void
  piece(piece: TapePiece): void
}

interface Side {
  /** The sequence number of the first byte. */
  base: number | undefined
  /** Bytes of the stream that were captured. */
  captured: number
  /** Bytes of the stream that were handed to us. */
  given: number
  /** When the bytes were captured that are not handed to us yet. */
  readonly times: { readonly end: number; readonly atMs: number }[]
  readonly held: { readonly piece: TapePiece; readonly end: number }[]
}

/**
 * Brings what this process sends and receives into step with what is captured of it. A piece waits until the segment with
 * its last byte was captured, and counts from then. A FIN, and what comes after it, waits until all that it ends has been
 * handed to us: what was said last must not stand behind the goodbye because a busy process read it late.
 */
export class CapturedPace {
  readonly #taker: PacedTaker
  readonly #sides: Readonly<Record<Direction, Side>> = { sent: newSide(), received: newSide() }
  #waiting: Segment[] = []
  #over = false

  constructor(taker: PacedTaker) {
    this.#taker = taker
  }

  piece(piece: TapePiece): void {
    const side = this.#sides[piece.direction]
    side.given += piece.bytes.length
    if (this.#over) this.#taker.piece(piece)
    else if (side.given <= side.captured) this.#taker.piece({ ...piece, atMs: capturedAt(side) ?? piece.atMs })
    else side.held.push({ piece, end: side.given })
    this.#goOn()
  }

  segment(segment: Segment): void {
    this.#waiting.push(segment)
    this.#goOn()
  }

  #goOn(): void {
    for (;;) {
      const [next] = this.#waiting
      if (next === undefined || (!this.#over && this.#isEarly(next))) return
      this.#waiting.shift()
      this.#tell(next)
    }
  }

  #isEarly({ direction, flags }: Segment): boolean {
    const { given, captured } = this.#sides[direction]
    return flags.includes('FIN') && given < captured
  }

  #tell(segment: Segment): void {
    this.#taker.segment(segment)
    const { direction, flags, sequence, payloadBytes, atMs } = segment
    if (sequence === undefined || flags.includes('RST')) return
    const side = this.#sides[direction]
    const first = flags.includes('SYN') ? advanced(sequence, 1) : sequence
    side.base ??= first
    const ahead = distance(advanced(side.base, side.captured), advanced(first, payloadBytes))
    if (ahead > 0) {
      side.captured += ahead
      side.times.push({ end: side.captured, atMs })
    }
    while ((side.held[0]?.end ?? Infinity) <= side.captured) {
      const next = side.held.shift()
      if (next !== undefined) this.#taker.piece({ ...next.piece, atMs })
    }
  }

  /** Nothing more will be captured: what still waits is told, in the order of its times. */
  end(): void {
    this.#over = true
    this.#goOn()
    const rest = [...this.#sides.sent.held.splice(0), ...this.#sides.received.held.splice(0)]
    for (const { piece } of rest.sort((first, second) => first.piece.atMs - second.piece.atMs)) this.#taker.piece(piece)
  }
}

/** When the last byte that was handed to us was captured. */
function capturedAt({ times, given }: Side): number | undefined {
  while (times[0] !== undefined && times[0].end < given) times.shift()
  return times[0]?.atMs
}

function newSide(): Side {
  return { base: undefined, captured: 0, given: 0, times: [], held: [] }
}
