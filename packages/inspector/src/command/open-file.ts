import type { Text } from 'centouno/telling'
import { CaptureError } from '../capture/capture-error.ts'
import { openCapture } from '../capture/open-capture.ts'
import { connectionsOfHar } from '../har/har-import.ts'
import { isHar } from '../har/har-shape.ts'
import { seenConnection } from '../seen/seen-connection.ts'
import { isSession, parseJson, readSession } from '../session-file/parse-session.ts'
import { RecordedFileError } from '../session-file/recorded-file-error.ts'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'

/** A file is held in memory as a whole, and so is what is made of it. */
export const mostFileBytes: number = 256 * 1024 * 1024

export interface OpenOptions {
  /** TLS keys in the format of SSLKEYLOGFILE, for a capture; empty without any. */
  readonly keyLog: string
  readonly withSecrets: boolean
}

/** What a file holds. */
export interface OpenedFile {
  readonly kind: 'capture' | 'session' | 'har'
  /**
   * In the order in which they began; one at least, except for a session that has none. Those of a capture are told when
   * they are asked for: all at once they may take many times the memory of the file.
   */
  readonly connections: readonly (() => RecordedConnection)[]
  /** What one should know before trusting it. */
  readonly notes: readonly Text[]
}

/**
 * Opens a capture, a session or a HAR: which it is, its first bytes say.
 *
 * @throws RecordedFileError or CaptureError, for whatever bytes there are.
 */
export function openFile(bytes: Uint8Array, { keyLog, withSecrets }: OpenOptions): OpenedFile {
  if (bytes.length > mostFileBytes) {
    throw new RecordedFileError('FILE_TOO_LARGE', { bytes: bytes.length, most: mostFileBytes })
  }
  if (!looksLikeJson(bytes)) return openPackets(bytes, { keyLog, withSecrets })
  const value = parseJson(new TextDecoder().decode(bytes))
  if (isSession(value)) return { kind: 'session', connections: ready(readSession(value).connections), notes: [] }
  if (isHar(value)) return { kind: 'har', connections: ready(connectionsOfHar(value, withSecrets)), notes: [] }
  throw new RecordedFileError('FILE_UNKNOWN')
}

function ready(connections: readonly RecordedConnection[]): OpenedFile['connections'] {
  return connections.map((recorded) => () => recorded)
}

/** White space, perhaps behind a byte order mark, then a brace. */
function looksLikeJson(bytes: Uint8Array): boolean {
  return /^\uFEFF?\s*\{/.test(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, 64)))
}

function openPackets(bytes: Uint8Array, options: OpenOptions): OpenedFile {
  try {
    const { connections, keyLog, notes } = openCapture(bytes, options.keyLog)
    return {
      kind: 'capture',
      connections: connections.map(
        (connection) => () => seenConnection(connection, { keyLog, withSecrets: options.withSecrets }),
      ),
      notes: notes.map(({ text }) => text),
    }
  } catch (error) {
    if (error instanceof CaptureError && error.code === 'CAPTURE_UNKNOWN_FORMAT') {
      throw new RecordedFileError('FILE_UNKNOWN')
    }
    throw error
  }
}
