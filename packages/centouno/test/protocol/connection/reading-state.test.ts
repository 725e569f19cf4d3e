import { expect, test, vi } from 'vitest'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import type { FrameExpectation } from '../../../src/protocol/frame/header.ts'
import type { MessageSink } from '../../../src/protocol/message/message-assembler.ts'
import {
  type ReadingState,
  returnReadingState,
  takeReadingState,
} from '../../../src/protocol/connection/reading-state.ts'
import { hex } from '../wire.ts'

const masked = { masked: true, reservedBits: 0 }
const unmasked = { masked: false, reservedBits: 0 }

const limits = defaultConnectionLimits

function sink(): MessageSink {
  return { text: vi.fn(), binary: vi.fn(), streamBegins: vi.fn(), streamPiece: vi.fn() }
}

function take(expected: FrameExpectation): ReadingState {
  return takeReadingState(expected, limits, sink(), undefined)
}

/** Reads an unmasked frame that is whole. */
function read({ decoder, assembler }: ReadingState, frame: Uint8Array): void {
  decoder.feed(frame)
  decoder.next()
  expect(assembler.begin(decoder.header)).toBeUndefined()
  decoder.next()
  const { chunk, pieceStart, pieceEnd, pieceOffset, frameEnds } = decoder
  expect(assembler.append(chunk, pieceStart, pieceEnd, pieceOffset, frameEnds)).toBeUndefined()
  decoder.next()
  decoder.release()
}

test('what was returned reads for the next, whose frames may be of another kind', () => {
  const state = take(masked)
  returnReadingState(state)
  const again = take(unmasked)
  expect(again).toBe(state)
  again.decoder.feed(hex('8a 00'))
  expect(again.decoder.next()).toBe('header')
  again.decoder.next()
  again.decoder.release()
  returnReadingState(again)
})

test('eight are kept, however many were at work at once', () => {
  const states = Array.from({ length: 9 }, () => take(masked))
  for (const state of states) returnReadingState(state)
  const again = new Set(Array.from({ length: 9 }, () => take(masked)))
  expect(states.filter((state) => again.has(state))).toHaveLength(8)
})

test('messages go to whom it serves, within their limits, and in pieces where they want it like that', () => {
  const [first, second] = [sink(), sink()]
  const state = takeReadingState(unmasked, limits, first, undefined)
  read(state, hex('82 01 61'))
  expect(state.assembler.atRest).toBe(true)
  returnReadingState(state)
  expect(takeReadingState(unmasked, { ...limits, messageBytes: 2 }, second, 2)).toBe(state)
  read(state, hex('82 01 62'))
  read(state, hex('01 02 63 64'))
  expect(state.assembler.atRest).toBe(false)
  expect(first.binary).toHaveBeenCalledExactlyOnceWith(hex('61'))
  expect(second.binary).toHaveBeenCalledExactlyOnceWith(hex('62'))
  expect(second.streamPiece).toHaveBeenCalledExactlyOnceWith(hex('63 64'), false)
})

test('what was returned holds nobody whom it served', () => {
  const served = sink()
  const state = takeReadingState(unmasked, limits, served, undefined)
  returnReadingState(state)
  read(state, hex('82 01 61'))
  expect(served.binary).not.toHaveBeenCalled()
})
