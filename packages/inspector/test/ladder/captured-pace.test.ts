import { expect, test } from 'vitest'
import { CapturedPace } from '../../src/ladder/captured-pace.ts'
import { endpointOf } from '../../src/ladder/seen-tcp.ts'
import type { Segment, SegmentFlag } from '../../src/wire/segment.ts'
import type { Direction, TapePiece } from '../../src/wire/tape.ts'

/** What is told when segments and bytes come from two sources. */

class Told {
  readonly lines: string[] = []

  segment({ flags, payloadBytes }: Segment): void {
    this.lines.push(`${flags.join(' ')} ${payloadBytes}`)
  }

  piece({ direction, bytes, atMs }: TapePiece): void {
    this.lines.push(`${direction} ${Buffer.from(bytes).toString()} at ${atMs}`)
  }
}

function segment(
  direction: Direction,
  atMs: number,
  sequence: number,
  payloadBytes: number,
  flag: SegmentFlag,
): Segment {
  return {
    direction,
    atMs,
    inferred: false,
    flags: [flag],
    sequence,
    acknowledgement: 0,
    window: 1,
    payloadBytes,
    note: undefined,
    bytes: new Uint8Array(0),
  }
}

const piece = (direction: Direction, text: string, atMs: number): TapePiece => ({
  direction,
  atMs,
  bytes: Buffer.from(text),
})

test('a piece waits for the segment with its last byte; a retransmission releases nothing', () => {
  const told = new Told()
  const pace = new CapturedPace(told)
  pace.piece(piece('sent', 'abcdef', 1))
  // The numbers go on from 0 in the middle of it.
  pace.segment(segment('sent', 2, 0xffff_fffc, 0, 'SYN'))
  pace.segment(segment('sent', 3, 0xffff_fffd, 4, 'ACK'))
  pace.segment(segment('sent', 4, 0xffff_fffd, 4, 'ACK'))
  pace.segment(segment('sent', 5, 1, 2, 'ACK'))
  expect(told.lines).toEqual(['SYN 0', 'ACK 4', 'ACK 4', 'ACK 2', 'sent abcdef at 5'])
})

test('a piece that comes after its segment is told at once, with the time of the segment', () => {
  const told = new Told()
  const pace = new CapturedPace(told)
  pace.segment(segment('received', 1, 100, 3, 'ACK'))
  pace.piece(piece('received', 'xyz', 2))
  expect(told.lines).toEqual(['ACK 3', 'received xyz at 1'])
})

// A busy process read the last frame after the capture had shown the FIN behind it: the goodbye stood before the last words.
test('a FIN waits for what it ends, and what was captured after it waits behind it', () => {
  const told = new Told()
  const pace = new CapturedPace(told)
  pace.segment(segment('received', 1, 100, 3, 'ACK'))
  pace.segment(segment('received', 2, 103, 2, 'ACK'))
  pace.segment(segment('received', 3, 105, 0, 'FIN'))
  pace.segment(segment('sent', 4, 7, 0, 'ACK'))
  pace.piece(piece('received', 'xyz', 5))
  expect(told.lines).toEqual(['ACK 3', 'ACK 2', 'received xyz at 1'])
  pace.piece(piece('received', 'ok', 6))
  expect(told.lines.slice(3)).toEqual(['received ok at 2', 'FIN 0', 'ACK 0'])
})

test('a FIN is told without what it ends when nobody reads that any more', () => {
  const told = new Told()
  const pace = new CapturedPace(told)
  pace.segment(segment('received', 1, 100, 3, 'ACK'))
  pace.segment(segment('received', 2, 103, 0, 'FIN'))
  pace.end()
  expect(told.lines).toEqual(['ACK 3', 'FIN 0'])
})

test('when the capture ends, what waits is told in the order of its times, and what comes later at once', () => {
  const told = new Told()
  const pace = new CapturedPace(told)
  pace.piece(piece('received', 'b', 2))
  pace.piece(piece('sent', 'a', 1))
  pace.end()
  pace.piece(piece('sent', 'c', 3))
  expect(told.lines).toEqual(['sent a at 1', 'received b at 2', 'sent c at 3'])
})

test('the ends of a connection as the engine writes them', () => {
  expect(endpointOf('192.0.2.1:80')).toEqual({ address: '192.0.2.1', port: 80 })
  expect(endpointOf('[2001:db8::1]:443')).toEqual({ address: '2001:db8::1', port: 443 })
})
