import { harOf } from '../../src/har/har-export.ts'
import { connectionsOfHar } from '../../src/har/har-import.ts'
import { isHar } from '../../src/har/har-shape.ts'
import { formatSession } from '../../src/session-file/format-session.ts'
import { isSession, parseJson, readSession } from '../../src/session-file/parse-session.ts'
import type { RecordedConnection } from '../../src/session-file/recorded-connection.ts'
import { RecordedFileError } from '../../src/session-file/recorded-file-error.ts'
import { noConnection, reportSoFar } from './connection-model.ts'
import type { ConnectionView } from './connection-model.ts'
import { climb, emptyLadder } from './ladder-model.ts'
import { emptyHistory, linesOf, tell } from './message-history.ts'

/** Connections as files, and back. */

/** As a session file keeps it; undefined before the first attempt. The page keeps the newest of what was said, not the first. */
export function recordedOf(connection: ConnectionView): RecordedConnection | undefined {
  const report = reportSoFar(connection)
  if (report === null) return undefined
  const { ladder, messages, closing } = connection
  return {
    report,
    rungs: ladder.rungs,
    omittedRungs: ladder.omitted,
    messages: linesOf(messages).flatMap((lines) => lines.map(({ entry }) => entry)),
    omittedMessages: messages.forgotten,
    closing,
  }
}

/** A connection of a file as the page shows it: whatever became of it, it is over. */
export function connectionOf(recorded: RecordedConnection, id: string): ConnectionView {
  const { report, rungs, omittedRungs, messages, closing } = recorded
  const { url, startedAt, verdict, stages, request, response, rules } = report
  const ladder = climb(emptyLadder, rungs)
  return {
    ...noConnection,
    id,
    url,
    phase: verdict.ok ? 'closed' : 'failed',
    stages,
    request,
    response,
    rules,
    verdict,
    startedAt,
    closing,
    recorded: true,
    messages: tell(emptyHistory, messages),
    ladder: { ...ladder, omitted: ladder.omitted + omittedRungs },
  }
}

/** The text of a session file. Secrets are replaced in it. */
export function sessionText(connections: readonly ConnectionView[], version: string): string {
  return formatSession(recordedAll(connections), { creator: `centouno ${version}`, withSecrets: false })
}

/** The text of a HAR, with messages as DevTools write them. Secrets are replaced in it. */
export function harText(connections: readonly ConnectionView[], version: string): string {
  return JSON.stringify(harOf(recordedAll(connections), { name: 'centouno', version, withSecrets: false }), null, 1)
}

/**
 * The connections of a session file or a HAR.
 *
 * @throws RecordedFileError
 */
export function openRecorded(text: string): readonly RecordedConnection[] {
  if (!/^\s*\{/.test(text)) throw new RecordedFileError('FILE_UNKNOWN')
  const value = parseJson(text)
  if (isSession(value)) return readSession(value).connections
  if (isHar(value)) return connectionsOfHar(value, false)
  throw new RecordedFileError('FILE_UNKNOWN')
}

function recordedAll(connections: readonly ConnectionView[]): readonly RecordedConnection[] {
  return connections.flatMap((connection) => recordedOf(connection) ?? [])
}
