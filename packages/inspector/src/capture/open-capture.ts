import type { CapturedConnection } from '../tcp/captured-connection.ts'
import { ConnectionTracker } from '../tcp/connection-tracker.ts'
import { CaptureError } from './capture-error.ts'
import { CaptureNotes } from './capture-notes.ts'
import type { CaptureNote } from './capture-notes.ts'
import { CaptureReader } from './capture-reader.ts'
import { PacketDecoder } from './packet-decoder.ts'

/** What a capture holds. */
export interface OpenedCapture {
  /** In the order in which they began. */
  readonly connections: readonly CapturedConnection[]
  /** The TLS keys that were given and those in the capture, in the format of SSLKEYLOGFILE; empty without any. */
  readonly keyLog: string
  /** What one should know before trusting it. */
  readonly notes: readonly CaptureNote[]
}

/**
 * Opens a capture, pcap or pcapng. What is told keeps the bytes it was given.
 *
 * @param keyLogText The content of an SSLKEYLOGFILE made beside it.
 * @throws CaptureError when it holds no TCP that can be read; a capture that is damaged later on is told up to there.
 */
export function openCapture(bytes: Uint8Array, keyLogText = ''): OpenedCapture {
  const notes = new CaptureNotes()
  const decoder = new PacketDecoder(notes)
  const tracker = new ConnectionTracker()
  const keyLogs = [keyLogText]
  const reader = new CaptureReader({
    packet(packet) {
      const decoded = decoder.decode(packet)
      if (decoded !== undefined) tracker.add(decoded)
    },
    keyLog: (text) => void keyLogs.push(text),
    unknownSecrets: () => notes.add('secrets-unknown'),
  })
  try {
    reader.receive(bytes)
    if (!reader.end()) notes.add('cut-file')
  } catch (error) {
    if (!(error instanceof CaptureError) || error.code !== 'CAPTURE_DAMAGED' || decoder.packets === 0) throw error
    notes.add('damaged', error.details)
  }
  decoder.end()
  const connections = tracker.connections()
  if (connections.length === 0) throw nothingIn(decoder)
  noteStreams(connections, notes)
  return { connections, keyLog: joinedKeyLog(keyLogs), notes: notes.notes }
}

function nothingIn({ packets, known, unknownLinkTypes }: PacketDecoder): CaptureError {
  if (packets > 0 && known === 0) {
    return new CaptureError('CAPTURE_LINK_LAYER', { types: [...unknownLinkTypes].join(', ') })
  }
  return new CaptureError('CAPTURE_WITHOUT_TCP', { packets })
}

function noteStreams(connections: readonly CapturedConnection[], notes: CaptureNotes): void {
  const gaps = connections.reduce((sum, connection) => sum + connection.gaps.length, 0)
  const differing = connections.reduce((sum, connection) => sum + connection.differing, 0)
  if (gaps > 0) notes.add('bytes-missing', {}, gaps)
  if (differing > 0) notes.add('bytes-differ', {}, differing)
}

function joinedKeyLog(texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .map((text) => (text.endsWith('\n') ? text : `${text}\n`))
    .join('')
}
