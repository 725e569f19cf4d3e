import { FrameDecoder } from '../frame/frame-decoder.ts'
import { type FrameExpectation, maxControlPayload } from '../frame/header.ts'
import { MessageAssembler, type MessageSink } from '../message/message-assembler.ts'
import type { ConnectionLimits } from './limits.ts'

/**
 * What reading needs from the first byte of a message to its last. Between two messages there is nothing to remember, and
 * most connections, which are idle, stand there: so they lend each other the few that are at work.
 */
export interface ReadingState {
  readonly decoder: FrameDecoder
  /** Puts messages together, where no compression was agreed; at rest otherwise, for that takes memory of its own. */
  readonly assembler: MessageAssembler
  /** The payload of a control frame, unmasked. Apart from messages, between whose frames it may come. */
  readonly control: Uint8Array
}

/** More are at work at once only where connections of one process read from each other. */
const mostSpare = 8

const spare: ReadingState[] = []

/** One that is at rest, for frames that must be like that, and the messages in them. */
export function takeReadingState(
  expected: FrameExpectation,
  limits: ConnectionLimits,
  sink: MessageSink,
  streamFrom: number | undefined,
): ReadingState {
  const state = spare.pop()
  if (state === undefined) {
    return {
      decoder: new FrameDecoder(expected),
      assembler: new MessageAssembler(limits, sink, streamFrom),
      control: new Uint8Array(maxControlPayload),
    }
  }
  state.decoder.serve(expected)
  state.assembler.serve(limits, sink, streamFrom)
  return state
}

/** Gives it back. It must be at rest. */
export function returnReadingState(state: ReadingState): void {
  state.assembler.release()
  if (spare.length < mostSpare) spare.push(state)
}
