import type { Text } from '../protocol/text.ts'
import type { StageName } from './connection-report.ts'

/** The values that fill a code's sentence: `{host}` takes `details.host`. */
export type CodeDetails = Readonly<Record<string, string | number>>

/** One way in which a connection can fail to open, or the one in which it succeeds. */
export interface CodeRow {
  /** Stable. Documented, logged, tested: never renamed. */
  readonly code: string
  readonly stage: StageName
  /** Whose doing it is: ours or our caller's, the peer's, or the path between. */
  readonly side: 'local' | 'remote' | 'transport'
  /** What happened; `{name}` is filled from the details. */
  readonly sentence: Text
  /** What to do about it; may use the details too. */
  readonly hint: Text
}
