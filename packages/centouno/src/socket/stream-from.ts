import { shownValue } from '../protocol/shown-value.ts'

/** What is wrong with a `streamFrom` that was given; undefined when nothing is. */
export function streamFromFault(streamFrom: unknown): string | undefined {
  if (streamFrom === undefined || (typeof streamFrom === 'number' && streamFrom >= 0)) return undefined
  return `streamFrom must be a number of bytes, 0 or more, not ${shownValue(streamFrom)}.`
}
