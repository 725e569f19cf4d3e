import { DeflateAssembler } from '../deflate/deflate-assembler.ts'
import { MessageAssembler } from '../message/message-assembler.ts'
import type { ConnectionOptions } from './connection-options.ts'
import type { ViolationCode } from './violations.ts'

export type Assembler = MessageAssembler | DeflateAssembler

/**
 * What puts messages together: as plain as was agreed.
 *
 * @param whenInflated as for a DeflateAssembler
 */
export function assemblerFor(
  { limits, sink, streamFrom, inflater }: ConnectionOptions,
  whenInflated: (violation: ViolationCode | undefined, now: number) => void,
): Assembler {
  return inflater === undefined
    ? new MessageAssembler(limits, sink, streamFrom)
    : new DeflateAssembler(limits, sink, streamFrom, inflater, whenInflated)
}
