import type { Readable } from 'node:stream'
import type { Terminal } from './terminal.ts'

/** What a command has around it. */
export interface Shell {
  readonly terminal: Terminal
  /** What is typed or piped in. */
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Ends what runs until it is ended. */
  readonly signal: AbortSignal
  /** Says how the command ended. */
  finish(exitCode: number): void
}
