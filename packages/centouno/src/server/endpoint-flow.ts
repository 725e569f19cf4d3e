import {
  completeCompression,
  type CompressionInput,
  type CompressionOptions,
} from '../socket/deflate/compression-options.ts'
import { completeBudget, type OutgoingBudget } from '../socket/outgoing-budget.ts'
import { streamFromFault } from '../socket/stream-from.ts'
import { ServerInputError } from './server-errors.ts'

/** How the sockets of an endpoint take and send what does not go through at once. */
export interface EndpointFlow {
  /**
   * Messages of at least so many bytes go to `stream` while they still arrive; 0: all of them. Default: with a handler
   * `stream` and none for `message`, all; with both, those longer than `messageBytes`; without `stream`, none.
   */
  readonly streamFrom?: number
  /** What may wait for a client that reads too slowly, and what `send` does when it is more. Default: 16 MiB, `wait`. */
  readonly outgoing?: Partial<OutgoingBudget>
  /**
   * Compress messages for clients that offer it, as browsers do (`permessage-deflate`, RFC 7692): true, or how. Default: as
   * the server says, which by default does not: it takes memory and time, and text that others choose beside a secret can
   * reveal it by the length.
   */
  readonly compression?: CompressionInput
}

/** What decides about streams besides `streamFrom`. */
interface FlowHandlers extends EndpointFlow {
  readonly message?: unknown
  readonly stream?: unknown
}

/** @throws ServerInputError (`LIMIT`) for a declaration that cannot be kept. */
export function checkFlow({ streamFrom, outgoing, compression = false, message, stream }: FlowHandlers): void {
  const budget = completeBudget(outgoing)
  const compressing = completeCompression(compression)
  const fault = [budget, compressing, streamFromFault(streamFrom)].find((each) => typeof each === 'string')
  if (fault !== undefined) throw new ServerInputError('LIMIT', fault)
  if (streamFrom === undefined || stream !== undefined || message === undefined) return
  throw new ServerInputError('LIMIT', 'streamFrom needs a handler `stream` for the messages that arrive as streams.')
}

/** What a socket is made with; the declaration has been checked. */
export function socketFlow(
  { streamFrom, outgoing, message, stream }: FlowHandlers,
  messageBytes: number,
): { readonly outgoing: OutgoingBudget; readonly streamFrom: number | undefined } {
  const longer = message === undefined ? 0 : messageBytes + 1
  return {
    outgoing: completeBudget(outgoing) as OutgoingBudget,
    streamFrom: streamFrom ?? (stream === undefined ? undefined : longer),
  }
}

/**
 * How something compresses; undefined: not at all.
 *
 * @throws ServerInputError (`LIMIT`)
 */
export function compressionOf(given: CompressionInput): CompressionOptions | undefined {
  const options = completeCompression(given)
  if (typeof options === 'string') throw new ServerInputError('LIMIT', options)
  return options
}
