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
  readonly held: { readonly piece: TapePiece; readonly end: number }[]
}

/**
 * Brings what this process sends and receives into step with what is captured of it, which comes a little later: a piece
 * waits until the segment with its last byte was captured, and counts from then.
 */
export class CapturedPace {
  readonly #taker: PacedTaker
  readonly #sides: Readonly<Record<Direction, Side>> = { sent: newSide(), received: newSide() }
  #over = false

  constructor(taker: PacedTaker) {
    this.#taker = taker
  }

  piece(piece: TapePiece): void {
    const side = this.#sides[piece.direction]
    side.given += piece.bytes.length
    if (this.#over || side.given <= side.captured) this.#taker.piece(piece)
    else side.held.push({ piece, end: side.given })
  }

  segment(segment: Segment): void {
    this.#taker.segment(segment)
    const { direction, flags, sequence, payloadBytes, atMs } = segment
    if (sequence === undefined || flags.includes('RST')) return
    const side = this.#sides[direction]
    const first = flags.includes('SYN') ? advanced(sequence, 1) : sequence
    side.base ??= first
    const ahead = distance(advanced(side.base, side.captured), advanced(first, payloadBytes))
    if (ahead > 0) side.captured += ahead
    while ((side.held[0]?.end ?? Infinity) <= side.captured) {
      const next = side.held.shift()
      if (next !== undefined) this.#taker.piece({ ...next.piece, atMs })
    }
  }

  /** Nothing more will be captured: what still waits is told, in the order of its times. */
  end(): void {
    this.#over = true
    const rest = [...this.#sides.sent.held.splice(0), ...this.#sides.received.held.splice(0)]
    for (const { piece } of rest.sort((first, second) => first.piece.atMs - second.piece.atMs)) this.#taker.piece(piece)
  }
}

function newSide(): Side {
  return { base: undefined, captured: 0, given: 0, held: [] }
}
