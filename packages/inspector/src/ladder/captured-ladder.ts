import type { CapturedConnection } from '../tcp/captured-connection.ts'
import type { Rung } from '../wire/rung.ts'
import type { TapePiece } from '../wire/tape.ts'
import { LadderBuilder } from './ladder-builder.ts'
import type { LadderOptions } from './ladder-builder.ts'

/**
 * The ladder of a connection that was captured: its segments as they were seen, and what they carried.
 *
 * Where the capture lacks bytes, the layers above TCP end: what follows could be anything.
 *
 * @param keyLog TLS keys in the format of SSLKEYLOGFILE, of any number of connections.
 */
export function capturedLadder(connection: CapturedConnection, keyLog: string, options: LadderOptions = {}): Rung[] {
  const rungs: Rung[] = []
  tellCaptured(connection, keyLog, (rung) => rungs.push(rung), options)
  return rungs
}

/** The same, rung by rung: nothing is kept here. */
export function tellCaptured(
  connection: CapturedConnection,
  keyLog: string,
  tell: (rung: Rung) => void,
  options: LadderOptions = {},
): void {
  const builder = new LadderBuilder(tell, options)
  for (const line of keyLog.split(/\r?\n/)) if (line !== '') builder.keyLog(line)
  if (speaksToProxy(connection.tape)) builder.tcpPeer = 'proxy'
  // With nothing missing, the end of all is not before that.
  const readableUntil = connection.gaps[0]?.atMs ?? Infinity
  const tape = connection.tape.filter(({ atMs }) => atMs < readableUntil)
  let told = 0
  const tellUntil = (atMs: number): void => {
    for (; told < tape.length; told++) {
      const piece = tape[told]
      if (piece === undefined || piece.atMs >= atMs) break
      builder.piece(piece)
    }
  }
  for (const segment of connection.segments) {
    // What could be read comes after the segment that made it readable, and before the next.
    tellUntil(segment.atMs)
    builder.segment(segment)
  }
  tellUntil(Infinity)
  builder.end(connection.segments.reduce((last, { atMs }) => Math.max(last, atMs), 0))
}

const connectMethod = 'CONNECT '
/** RFC 1928 §3: the version that a greeting begins with. */
const socksVersion = 5

/** Says whether the client's first words are for a proxy. */
function speaksToProxy(tape: readonly TapePiece[]): boolean {
  const bytes = tape.find(({ direction }) => direction === 'sent')?.bytes ?? new Uint8Array(0)
  return (
    bytes[0] === socksVersion || [...connectMethod].every((character, at) => bytes[at] === character.codePointAt(0))
  )
}
