import type { Text } from '../protocol/text.ts'
import type { StageName } from './stage-name.ts'

/** The values that fill a code's sentence: `{host}` takes `details.host`. */
export type CodeDetails = Readonly<Record<string, string | number>>

/** One way in which a connection can fail to open or can end, and the one in which it succeeds. */
export interface CodeRow {
  /** Stable. Documented, logged, tested: never renamed. */
  readonly code: string
  /** The stage that ends with it. `ABORTED` and `UNEXPECTED` can end any stage: their verdict names the one. */
  readonly stage: StageName
  /** Whose doing it is, seen from the side that tells it: ours or our caller's, the peer's, the path's, or either's. */
  readonly side: 'local' | 'remote' | 'transport' | 'either'
  /**
   * What happened. `{name}` is filled from the details; a part in square brackets is left out when one of the details
   * it names is missing or empty.
   */
  readonly sentence: Text
  /** What to do about it; filled in the same way. Empty when there is nothing to do. */
  readonly hint: Text
}
