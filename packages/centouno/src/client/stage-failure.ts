import type { CodeDetails } from '../report/codes.ts'

/** What a failed stage throws; `connect` makes a ConnectError of it. */
export class StageFailure extends Error {
  override readonly name: string = 'StageFailure'
  readonly code: string
  readonly details: CodeDetails

  constructor(code: string, details: CodeDetails = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }
}

/** An error's words, ready to be followed by a full stop of ours. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message || error.name : String(error)
  return words.trim().replace(/\.$/, '')
}
