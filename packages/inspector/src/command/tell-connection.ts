import type { Language } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import { redactRecorded } from '../session-file/redact-recorded.ts'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'
import { reportJson } from '../telling/report-json.ts'
import type { ReportJson } from '../telling/report-json.ts'
import { reportText } from '../telling/report-text.ts'
import type { Rung } from '../wire/rung.ts'
import type { Terminal } from './terminal.ts'

/** How a connection is to be told. */
export interface TellFlags {
  readonly lang: Language
  readonly json?: true
  /** As a conversation too. */
  readonly dialogue?: true
  /** As a ladder. */
  readonly ladder?: true
  /** As a ladder with the bytes and fields of each rung. */
  readonly bytes?: true
}

/** A connection as `--json` prints it. */
interface ConnectionJson extends ReportJson {
  readonly messages: readonly LogEntry[]
  readonly omittedMessages: number
  /** With `--ladder` or `--bytes`. */
  readonly ladder?: readonly Rung[]
  readonly omittedRungs?: number
}

/**
 * Tells a connection the same way, whether it was made just now, recorded, or captured: so neither side is "this side".
 * Secrets are never shown.
 */
export function tellConnection(recorded: RecordedConnection, flags: TellFlags, terminal: Terminal): void {
  if (flags.json === true) {
    terminal.printJson(connectionJson(recorded, flags))
    return
  }
  const { report, rungs, omittedRungs, messages, omittedMessages, closing } = redactRecorded(recorded)
  const withLadder = flags.ladder === true || flags.bytes === true
  const lines = reportText(report, {
    language: flags.lang,
    withDialogue: flags.dialogue ?? false,
    watched: true,
    messages: { entries: messages, omitted: omittedMessages },
    ...(withLadder ? { ladder: { rungs, omitted: omittedRungs, withBytes: flags.bytes ?? false } } : {}),
    ...(closing === null ? {} : { closing }),
  })
  for (const line of lines) terminal.print(line)
}

export function connectionJson(recorded: RecordedConnection, flags: TellFlags): ConnectionJson {
  const { report, rungs, omittedRungs, messages, omittedMessages, closing } = redactRecorded(recorded)
  const withLadder = flags.ladder === true || flags.bytes === true
  return {
    ...reportJson(report, flags.lang, closing ?? undefined, true),
    messages,
    omittedMessages,
    ...(withLadder ? { ladder: rungs, omittedRungs } : {}),
  }
}
