import { closeSync, openSync, writeSync } from 'node:fs'
import { formatRecorded, sessionEnd, sessionStart } from '../session-file/format-session.ts'
import type { SessionHeading } from '../session-file/format-session.ts'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'

// Messages are in it: nobody else on this machine is to read them.
const ownerOnly = 0o600
/** Bytes of a file from which on the rungs are left out: it has to stay one that can be opened. */
const rungsUntil = 128 * 1024 * 1024

/**
 * Writes a session file, connection by connection. After each the file is whole: a program that is killed loses only
 * what was still going on.
 */
export class SessionWriter {
  readonly #heading: SessionHeading
  readonly #file: number
  readonly #rungsUntil: number
  /** Where the next connection goes. */
  #at: number
  #count = 0
  #closed = false

  /** Makes the file, or empties it. @throws an error of the file system. */
  constructor(path: string, heading: SessionHeading, bytesWithRungs: number = rungsUntil) {
    this.#rungsUntil = bytesWithRungs
    this.#heading = heading
    this.#file = openSync(path, 'w', ownerOnly)
    this.#at = this.#write(sessionStart(heading), 0)
    this.#write(sessionEnd, this.#at)
  }

  /** @throws an error of the file system. */
  add(recorded: RecordedConnection): void {
    const kept = this.#at < this.#rungsUntil ? recorded : withoutRungs(recorded)
    const line = `${this.#count === 0 ? '' : ','}\n${formatRecorded(kept, this.#heading)}`
    const end = this.#write(line + sessionEnd, this.#at)
    this.#at = end - Buffer.byteLength(sessionEnd)
    this.#count += 1
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    closeSync(this.#file)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #write(text: string, at: number): number {
    const bytes = Buffer.from(text)
    let written = 0
    while (written < bytes.length)
      written += writeSync(this.#file, bytes, written, bytes.length - written, at + written)
    return at + bytes.length
  }
}

function withoutRungs(recorded: RecordedConnection): RecordedConnection {
  return { ...recorded, rungs: [], omittedRungs: recorded.omittedRungs + recorded.rungs.length }
}
