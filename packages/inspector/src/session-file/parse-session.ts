import { RecordedFileError } from './recorded-file-error.ts'
import { recordedMessages, recordedRungs, sessionFormat, sessionVersion } from './recorded-connection.ts'
import type { RecordedConnection, SessionFile } from './recorded-connection.ts'
import { readClosing, readReport } from './report-shape.ts'
import { readEntry, readRung } from './rung-shape.ts'
import { count, list, member, nullable, object, oneOf, ShapeError, text } from './shape.ts'

/** More connections than anybody looks through. */
const mostConnections = 100_000

/** True for a value that says it is a session, of whatever version. */
export function isSession(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === sessionFormat
}

/**
 * Reads a session file. Pure: the page opens it too. What is given has passed every check.
 *
 * @param value The file's JSON, parsed.
 * @throws RecordedFileError `SESSION_VERSION` or `SESSION_SHAPE`.
 */
export function readSession(value: unknown): SessionFile {
  try {
    const members = object(value, 'session')
    member(members, 'format', 'session', oneOf(sessionFormat))
    const version = member(members, 'version', 'session', count)
    if (version !== sessionVersion) throw new RecordedFileError('SESSION_VERSION', { version })
    return {
      format: sessionFormat,
      version: sessionVersion,
      creator: member(members, 'creator', 'session', text),
      secrets: member(members, 'secrets', 'session', oneOf('kept', 'replaced')),
      connections: member(members, 'connections', 'session', list(readRecorded, mostConnections)),
    }
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw new RecordedFileError('SESSION_SHAPE', { path: error.path, expected: error.expected })
  }
}

/** The same from text. @throws RecordedFileError `FILE_NOT_JSON` too. */
export function parseSession(json: string): SessionFile {
  return readSession(parseJson(json))
}

/** @throws RecordedFileError `FILE_NOT_JSON`. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    throw new RecordedFileError('FILE_NOT_JSON')
  }
}

function readRecorded(value: unknown, path: string): RecordedConnection {
  const members = object(value, path)
  return {
    report: member(members, 'report', path, readReport),
    rungs: member(members, 'rungs', path, list(readRung, recordedRungs)),
    omittedRungs: member(members, 'omittedRungs', path, count),
    messages: member(members, 'messages', path, list(readEntry, recordedMessages)),
    omittedMessages: member(members, 'omittedMessages', path, count),
    closing: member(members, 'closing', path, nullable(readClosing)),
  }
}
