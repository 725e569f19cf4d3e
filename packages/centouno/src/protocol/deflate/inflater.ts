import type { ViolationCode } from '../connection/violations.ts'

/** Why a compressed message cannot be had: the rule that was broken, or the limit that was passed. */
export type InflateFault = Extract<ViolationCode, 'DEFLATE_CORRUPT' | 'MESSAGE_TOO_LONG' | 'STREAM_TOO_LONG'>

/** What came of inflating: the message, or why there is none. */
export type Inflated = Uint8Array | InflateFault

/**
 * Undoes what the peer's compression did to its messages, one after another. Injected: `protocol/` knows the rules of the
 * extension, not the algorithm.
 */
export interface Inflater {
  /**
   * Inflates a whole message. Gives the result, valid until the next call of any inflater; or undefined when it takes
   * longer: `done` is called then, once, unless `stop` was called before, and what it gets belongs to the receiver.
   *
   * @param payload of all its frames, without the four bytes that the sender removed (RFC 7692 §7.2.1); only valid during
   *   the call
   * @param limit the most bytes it may come to, which is kept while inflating: no more than that is ever held
   */
  inflate(payload: Uint8Array, limit: number, done: (result: Inflated, now: number) => void): Inflated | undefined
  /** Begins a message that is inflated piece by piece. */
  open(limit: number, sink: InflateSink): InflatingStream
  /** Nothing of what is being inflated is wanted any more. */
  stop(): void
}

/** Takes a message that is inflated piece by piece. */
export interface InflateSink {
  /** The next bytes of it. They belong to the receiver. */
  piece(bytes: Uint8Array): void
  /** What was written has been inflated, or there is no going on. Never told during the call of `write`. */
  written(fault: InflateFault | undefined, now: number): void
}

/** A message that is being inflated piece by piece. */
export interface InflatingStream {
  /** Takes the next bytes of the payload, valid only during the call. `written` must have been told of those before. */
  write(payload: Uint8Array, last: boolean): void
}
