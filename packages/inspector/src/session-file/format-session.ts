import { sessionFormat, sessionVersion } from './recorded-connection.ts'
import type { RecordedConnection, SessionFile } from './recorded-connection.ts'
import { redactRecorded } from './redact-recorded.ts'

/** What a session file says of itself. */
export interface SessionHeading {
  /** What writes it: `centouno 0.1.0`. */
  readonly creator: string
  /** True to keep cookies, authorization and tokens. */
  readonly withSecrets: boolean
}

/** A session as the text of its file: one connection a line. Pure. */
export function formatSession(connections: readonly RecordedConnection[], heading: SessionHeading): string {
  const lines = connections.map((recorded) => formatRecorded(recorded, heading))
  return sessionStart(heading) + lines.map((line) => `\n${line}`).join(',') + sessionEnd
}

/** All before the first connection. */
export function sessionStart({ creator, withSecrets }: SessionHeading): string {
  const secrets = withSecrets ? 'kept' : 'replaced'
  const heading: Omit<SessionFile, 'connections'> = { format: sessionFormat, version: sessionVersion, creator, secrets }
  return `${JSON.stringify(heading).slice(0, -1)},"connections":[`
}

/** All after the last. */
export const sessionEnd = '\n]}\n'

export function formatRecorded(recorded: RecordedConnection, { withSecrets }: SessionHeading): string {
  return JSON.stringify(withSecrets ? recorded : redactRecorded(recorded))
}
