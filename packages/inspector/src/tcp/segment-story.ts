import type { Segment } from '../wire/segment.ts'
import type { Direction } from '../wire/tape.ts'
import { relative } from './header-fields.ts'
import type { NumberContext } from './header-fields.ts'
import { advanced } from './sequence.ts'
import type { TcpHeader } from './tcp-header.ts'

/** What a segment does in the life of its connection. */
export type SegmentDeed =
  | 'open'
  | 'open-at-once'
  | 'agree'
  | 'established'
  | 'data'
  | 'acknowledge'
  | 'full'
  | 'room-again'
  | 'probe'
  | 'finish'
  | 'finish-too'
  | 'finish-at-once'
  | 'finish-heard'
  | 'refuse'
  | 'reset'
  | 'late-reset'

/** A segment as part of the story of its connection. */
export interface SegmentMoment {
  readonly deed: SegmentDeed
  readonly numbers: NumberContext
  /** Relative numbers of its first and last byte of payload. */
  readonly first: number | undefined
  readonly last: number | undefined
  /** How many of the other's bytes have arrived, as this side says. */
  readonly heard: number | undefined
  /** What this side can take in, in bytes. */
  readonly room: number | undefined
}

interface Side {
  syn: boolean
  initial: number | undefined
  /** What its SYN offered; undefined without the option. */
  shift: number | undefined
  finished: boolean
  /** The number after its FIN. */
  finishedAt: number | undefined
  finishHeard: boolean
  full: boolean
}

/** Follows a connection segment by segment and says what each of them does in it. */
export class SegmentStory {
  readonly #sides: Readonly<Record<Direction, Side>> = { sent: newSide(), received: newSide() }
  #established = false

  /** The next segment, and its header where it was captured. */
  next(segment: Segment, header: TcpHeader | undefined): SegmentMoment {
    const side = this.#sides[segment.direction]
    const other = this.#sides[segment.direction === 'sent' ? 'received' : 'sent']
    if (header !== undefined) learnNumbers(header, side, other)
    const deed = this.#deedOf(segment, side, other)
    this.#remember(segment, side, other)
    const windowShift = this.#shiftOf(side, other)
    const numbers = { initial: side.initial, otherInitial: other.initial, windowShift }
    const first = segment.sequence === undefined ? undefined : relative(segment.sequence, side.initial)
    const heard =
      segment.acknowledgement === undefined || !segment.flags.includes('ACK')
        ? undefined
        : relative(segment.acknowledgement, other.initial)
    return {
      deed,
      numbers,
      first,
      last: first === undefined ? undefined : first + segment.payloadBytes - 1,
      // The SYN is number 0; a FIN that was heard counts as one more, but is no byte.
      heard: heard === undefined ? undefined : Math.max(0, heard - 1 - (other.finishHeard ? 1 : 0)),
      room: segment.window === undefined || windowShift === undefined ? undefined : segment.window * 2 ** windowShift,
    }
  }

  #deedOf(segment: Segment, side: Side, other: Side): SegmentDeed {
    const { flags, payloadBytes, acknowledgement } = segment
    if (flags.includes('RST')) return resetDeed(side, other)
    if (flags.includes('SYN')) {
      if (flags.includes('ACK')) return 'agree'
      return other.syn && !side.syn ? 'open-at-once' : 'open'
    }
    if (flags.includes('FIN')) return finishDeed(segment, other)
    if (segment.note === 'keep-alive') return 'probe'
    if (payloadBytes > 0) return 'data'
    if (!this.#established && side.syn && other.syn) return 'established'
    const hears = other.finishedAt === undefined || acknowledgement === other.finishedAt
    if (other.finished && !other.finishHeard && hears) return 'finish-heard'
    if (segment.window === 0) return 'full'
    return side.full ? 'room-again' : 'acknowledge'
  }

  #remember({ flags, payloadBytes, sequence, acknowledgement, window }: Segment, side: Side, other: Side): void {
    if (flags.includes('RST')) return
    if (flags.includes('SYN')) side.syn = true
    else if (side.syn && other.syn) this.#established = true
    if (flags.includes('FIN')) {
      side.finished = true
      if (sequence !== undefined) side.finishedAt = advanced(sequence, payloadBytes + 1)
    }
    if (other.finished && (other.finishedAt === undefined || acknowledgement === other.finishedAt)) {
      other.finishHeard = true
    }
    if (window !== undefined) side.full = window === 0
  }

  /** RFC 7323 §2.2: both have to offer scaling, or neither scales. */
  #shiftOf(side: Side, other: Side): number | undefined {
    if (!side.syn || !other.syn) return undefined
    return side.shift === undefined || other.shift === undefined ? 0 : side.shift
  }
}

function newSide(): Side {
  return {
    syn: false,
    initial: undefined,
    shift: undefined,
    finished: false,
    finishedAt: undefined,
    finishHeard: false,
    full: false,
  }
}

/** Without its SYN, a side's first number that was seen counts as 1. */
function learnNumbers({ flags, sequence, acknowledgement, options }: TcpHeader, side: Side, other: Side): void {
  if (flags.includes('SYN')) {
    side.initial = sequence
    for (const option of options) if (option.kind === 'window-scale') side.shift = option.shift
  } else if (!flags.includes('RST')) {
    side.initial ??= advanced(sequence, -1)
  }
  if (flags.includes('ACK') && !flags.includes('RST')) other.initial ??= advanced(acknowledgement, -1)
}

function resetDeed(side: Side, other: Side): SegmentDeed {
  if (other.syn && !side.syn && !other.finished) return 'refuse'
  return side.finished && other.finished ? 'late-reset' : 'reset'
}

function finishDeed({ acknowledgement }: Segment, other: Side): SegmentDeed {
  if (!other.finished) return 'finish'
  const heard = other.finishedAt === undefined || other.finishHeard || acknowledgement === other.finishedAt
  return heard ? 'finish-too' : 'finish-at-once'
}
