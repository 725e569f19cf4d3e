import type { TroubleCode } from './troubles.ts'

/** What a page can ask of a connection that was made for it. What sends returns why it was not done, or undefined. */
export interface PageConnection {
  /** Resolves when it is over, whichever way; never rejects. */
  readonly over: Promise<void>
  cancel(): void
  terminate(): void
  /** The page has gone away. */
  leave(): void
  send(data: string | Uint8Array): TroubleCode | undefined
  ping(payload: Uint8Array): TroubleCode | undefined
  /** @throws StepError for a line that cannot be read. */
  runSteps(lines: readonly string[]): TroubleCode | undefined
  stopSteps(): void
  close(code: number | undefined, reason: string): TroubleCode | undefined
}
