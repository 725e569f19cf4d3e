import type { ConnectionReport } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import type { ToldClosing } from '../telling/dialogue-goodbye.ts'
import type { Rung } from '../wire/rung.ts'

/** Everything that is known of one connection. Plain data: it survives JSON. */
export interface RecordedConnection {
  readonly report: ConnectionReport
  /** The arrows of the ladder, in the order of time. */
  readonly rungs: readonly Rung[]
  /** Rungs that came after those and were not kept. */
  readonly omittedRungs: number
  /** Messages, Pings, Pongs and Closes, in the order of time. */
  readonly messages: readonly LogEntry[]
  /** Messages that came after those and were not kept. */
  readonly omittedMessages: number
  /** How it ended; null when it never opened, or was still open. */
  readonly closing: ToldClosing | null
}

/**
 * A session file, as JSON: connections that were recorded, in the order in which they began. A reader refuses a version
 * it does not know; further members count for nothing.
 */
export interface SessionFile {
  readonly format: 'centouno-session'
  readonly version: 1
  /** What wrote it: `centouno 0.1.0`. */
  readonly creator: string
  /** Whether cookies, authorization and tokens stand in it or are replaced. What messages say is never replaced. */
  readonly secrets: 'kept' | 'replaced'
  readonly connections: readonly RecordedConnection[]
}

export const sessionFormat = 'centouno-session'
export const sessionVersion = 1

/** Kept of one connection: beyond, it is only counted. A rung takes one to three kilobytes in a file. */
export const recordedRungs = 20_000
export const recordedMessages = 100_000
/** Characters of all its messages. */
export const recordedCharacters: number = 64 * 1024 * 1024
