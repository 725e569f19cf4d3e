import { ByteQueue } from '../wire/byte-queue.ts'
import type { Direction } from '../wire/tape.ts'

/** Content types (RFC 8446 §5.1). */
export const contentType = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const

export const recordHeaderLength = 5
/** RFC 5246 §6.2.3; TLS 1.3 allows less, 2^14 + 256. */
export const longestFragment: number = 2 ** 14 + 2048
// SSL 3.0 and all of TLS (RFC 8446 §5.1).
const majorVersion = 3

/** One record as it crossed. */
export interface TlsRecord {
  readonly direction: Direction
  /** When its last byte was seen. */
  readonly atMs: number
  readonly type: number
  /** Type, version, length: five bytes. */
  readonly header: Uint8Array
  readonly fragment: Uint8Array
  /** False when the bytes ended before its length. */
  readonly complete: boolean
}

/** Bytes that are no record. Nothing after them can be read. */
export interface NoRecord {
  readonly direction: Direction
  readonly atMs: number
  /** At most as many as a record's header has. */
  readonly noRecord: Uint8Array
}

/** Cuts the bytes of one direction into records. */
export class RecordStream {
  readonly #direction: Direction
  readonly #queue = new ByteQueue()
  #broken = false
  /** Bytes that could not be read any more. */
  skipped = 0

  constructor(direction: Direction) {
    this.#direction = direction
  }

  receive(bytes: Uint8Array, atMs: number): readonly (TlsRecord | NoRecord)[] {
    if (this.#broken) {
      this.skipped += bytes.length
      return []
    }
    this.#queue.add(bytes)
    const found: (TlsRecord | NoRecord)[] = []
    for (;;) {
      const waiting = this.#queue.bytes
      if (waiting.length < recordHeaderLength) return found
      if (!isHeader(waiting)) {
        found.push(this.#noRecord(atMs))
        return found
      }
      const total = recordHeaderLength + lengthOf(waiting)
      if (waiting.length < total) return found
      found.push(this.#record(this.#queue.take(total), atMs, true))
    }
  }

  /** What is left when no more bytes come: a part of a record, or bytes that are none. */
  end(atMs: number): readonly (TlsRecord | NoRecord)[] {
    const { length } = this.#queue.bytes
    if (this.#broken || length === 0) return []
    if (length >= recordHeaderLength) return [this.#record(this.#queue.take(), atMs, false)]
    return [this.#noRecord(atMs)]
  }

  #record(bytes: Uint8Array, atMs: number, complete: boolean): TlsRecord {
    return {
      direction: this.#direction,
      atMs,
      type: bytes[0] ?? 0,
      header: bytes.slice(0, recordHeaderLength),
      fragment: bytes.slice(recordHeaderLength),
      complete,
    }
  }

  #noRecord(atMs: number): NoRecord {
    this.#broken = true
    const noRecord = this.#queue.take(recordHeaderLength)
    this.skipped = this.#queue.take().length
    return { direction: this.#direction, atMs, noRecord: noRecord.slice() }
  }
}

function isHeader(bytes: Uint8Array): boolean {
  const [type = 0, major] = bytes
  return (
    type >= contentType.changeCipherSpec &&
    type <= contentType.heartbeat &&
    major === majorVersion &&
    lengthOf(bytes) <= longestFragment
  )
}

function lengthOf(bytes: Uint8Array): number {
  return ((bytes[3] ?? 0) << 8) | (bytes[4] ?? 0)
}
