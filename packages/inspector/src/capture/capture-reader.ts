import { CaptureError } from './capture-error.ts'
import type { CaptureTaker, FormatReader } from './captured-packet.ts'
import { microsecondMagic, nanosecondMagic, PcapReader } from './pcap.ts'
import { PcapngReader, sectionHeaderBlock } from './pcapng.ts'

const magicBytes = 4

/** The first bytes of files that hold a capture packed. */
const compressions: ReadonlyMap<number, string> = new Map([
  [0x28b52ffd, 'zstd'],
  [0x04224d18, 'lz4'],
  [0xfd377a58, 'xz'],
])
const gzipMark = 0x1f8b

/** Reads a capture, pcap or pcapng, as its bytes come. It holds at most one record that is not complete. */
export class CaptureReader {
  readonly #taker: CaptureTaker
  #format: FormatReader | undefined
  #waiting: Uint8Array = new Uint8Array(0)
  /** Bytes of the file before those that wait. */
  #at = 0

  constructor(taker: CaptureTaker) {
    this.#taker = taker
  }

  /** The next bytes of the file. They are kept, not copied, by the packets told. @throws CaptureError */
  receive(chunk: Uint8Array): void {
    let rest = this.#waiting.length === 0 ? chunk : joined(this.#waiting, chunk)
    // Each turn takes at least one byte.
    for (;;) {
      const taken = this.#readOne(rest)
      if (taken === 0) break
      this.#at += taken
      rest = rest.subarray(taken)
    }
    this.#waiting = rest
  }

  /** No more will come. True when nothing was left over; false when the last record is cut. @throws CaptureError */
  end(): boolean {
    if (this.#format === undefined) throw unknownFormat(this.#waiting)
    return this.#waiting.length === 0
  }

  #readOne(bytes: Uint8Array): number {
    if (this.#format === undefined) {
      if (bytes.length < magicBytes) return 0
      this.#format = formatOf(bytes)
    }
    return this.#format.read(bytes, this.#at, this.#taker)
  }
}

function formatOf(bytes: Uint8Array): FormatReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0)
  if (magic === sectionHeaderBlock) return new PcapngReader()
  for (const littleEndian of [false, true]) {
    const read = view.getUint32(0, littleEndian)
    if (read === microsecondMagic) return new PcapReader(littleEndian, false)
    if (read === nanosecondMagic) return new PcapReader(littleEndian, true)
  }
  const compression = magic >>> 16 === gzipMark ? 'gzip' : compressions.get(magic)
  if (compression !== undefined) throw new CaptureError('CAPTURE_COMPRESSED', { found: compression })
  throw unknownFormat(bytes)
}

function unknownFormat(bytes: Uint8Array): CaptureError {
  const shown = [...bytes.subarray(0, magicBytes)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return new CaptureError('CAPTURE_UNKNOWN_FORMAT', { found: shown })
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}
