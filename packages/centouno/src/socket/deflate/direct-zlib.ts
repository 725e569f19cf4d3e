import { constants, createDeflateRaw, createInflateRaw, type DeflateRaw, type InflateRaw } from 'node:zlib'
import { type DeflateShape, type RawDeflater, type RawInflater, type RawInflation, zlibOptions } from './raw-context.ts'

/*
 * Raw DEFLATE, at once. Node's streams of `node:zlib` make every write a job for its thread pool, which costs more than the
 * compression of a small message; beneath them is a handle that also writes synchronously, as `deflateRawSync` does, which
 * however makes and throws away a context of a hundred kilobytes for every call. So a stream's handle is driven directly
 * here. It is not documented: see raw-zlib.ts.
 */

interface Handle {
  /** Its results are written to the stream's `_writeState`: room left, input left. */
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void
  onerror(message: string, errno: number, code: string): void
}

interface Inside {
  readonly _handle: Handle
  readonly _writeState: Uint32Array
}

/** The least there is: the stream's own buffer is never used here. */
const unusedChunk = 64

const noBytes = new Uint8Array(0)

/** Where output goes first; it is handed on before the next call, so one serves all. */
let scratch = new Uint8Array(128 * 1024)

/** A handle that is driven directly. */
class Direct<Stream extends DeflateRaw | InflateRaw> {
  readonly stream: Stream
  readonly #handle: Handle
  readonly #state: Uint32Array
  failed = false
  /** Input that the last `write` did not take. */
  inputLeft = 0

  constructor(stream: Stream) {
    const { _handle: handle, _writeState: state } = stream as unknown as Inside
    this.stream = stream
    this.#handle = handle
    this.#state = state
    // Node's own would destroy the stream and emit an error; a context here outlives what it was given.
    handle.onerror = () => {
      this.failed = true
    }
  }

  /** Returns how many bytes of output there are now, beginning at `outputAt`. */
  write(input: Uint8Array, inputAt: number, output: Uint8Array, outputAt: number, outputEnd: number): number {
    const room = outputEnd - outputAt
    this.#handle.writeSync(constants.Z_SYNC_FLUSH, input, inputAt, input.length - inputAt, output, outputAt, room)
    this.inputLeft = this.#state[1] as number
    return room - (this.#state[0] as number)
  }

  reset(): void {
    this.failed = false
    this.stream.reset()
  }
}

export class DirectDeflater implements RawDeflater {
  readonly #direct: Direct<DeflateRaw>

  constructor(shape: DeflateShape) {
    this.#direct = new Direct(createDeflateRaw({ ...zlibOptions(shape), chunkSize: unusedChunk }))
  }

  deflate(input: Uint8Array): Uint8Array {
    let length = 0
    let at = 0
    for (;;) {
      length += this.#direct.write(input, at, scratch, length, scratch.length)
      at = input.length - this.#direct.inputLeft
      if (length < scratch.length) return scratch.subarray(0, length)
      growScratch()
    }
  }

  reset(): void {
    this.#direct.reset()
  }

  close(): void {
    this.#direct.stream.close()
  }
}

export class DirectInflater implements RawInflater {
  readonly #direct: Direct<InflateRaw>

  constructor(windowBits: number) {
    this.#direct = new Direct(createInflateRaw({ windowBits, chunkSize: unusedChunk }))
  }

  begin(window: Uint8Array): void {
    this.#direct.reset()
    // The window comes back by way of a block without compression, which is no more than copied.
    if (window.length > 0) this.#direct.write(storedBlock(window), 0, scratch, 0, scratch.length)
  }

  inflate(input: Uint8Array, room: number): RawInflation {
    const direct = this.#direct
    let length = 0
    let at = 0
    for (;;) {
      const end = Math.min(scratch.length, room + 1)
      const written = direct.write(input, at, scratch, length, end)
      length += written
      at = input.length - direct.inputLeft
      if (direct.failed) return { taken: at, output: noBytes, outcome: 'corrupt' }
      if (length > room) return { taken: at, output: noBytes, outcome: 'full' }
      if (length < scratch.length) return { taken: at, output: scratch.subarray(0, length), outcome: 'more' }
      growScratch()
    }
  }

  close(): void {
    this.#direct.stream.close()
  }
}

/** A block that is not final and not compressed (RFC 1951 §3.2.4). */
function storedBlock(bytes: Uint8Array): Uint8Array {
  const block = storedScratch.subarray(0, storedHeader + bytes.length)
  block[1] = bytes.length & 0xff
  block[2] = bytes.length >> 8
  block[3] = ~bytes.length & 0xff
  block[4] = (~bytes.length >> 8) & 0xff
  block.set(bytes, storedHeader)
  return block
}

const storedHeader = 5
const storedScratch = new Uint8Array(storedHeader + 32 * 1024)

function growScratch(): void {
  const grown = new Uint8Array(2 * scratch.length)
  grown.set(scratch)
  scratch = grown
}
