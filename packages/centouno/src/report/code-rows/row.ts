import type { Text } from '../../protocol/text.ts'
import type { CodeRow } from '../code-row.ts'
import type { StageName } from '../stage-name.ts'

/** Makes the rows of one stage. */
export type RowMaker = (code: string, side: CodeRow['side'], sentence: Text, hint: Text) => CodeRow

export function rowsOf(stage: StageName): RowMaker {
  return (code, side, sentence, hint) => ({ code, stage, side, sentence, hint })
}
