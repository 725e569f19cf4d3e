import {
  constants,
  createDeflateRaw,
  createInflateRaw,
  type DeflateRaw,
  deflateRawSync,
  type InflateRaw,
  inflateRawSync,
} from 'node:zlib'

/*
 * Raw DEFLATE, at once. Node's streams of `node:zlib` make every write a job for its thread pool, which costs more than the
 * compression of a small message; beneath them is a handle that also writes synchronously, as `deflateRawSync` does, which
 * however makes and throws away a context of a hundred kilobytes for every call. So a stream's handle is driven directly
 * here. It is not documented: whether it does what is expected is tried out once, and where it does not, the documented
 * calls do the same at a higher price. Nothing outside of this file knows.
 */

/** The parameters of a compressing context. */
export interface DeflateShape {
  /** 9 to 15: zlib has no raw window of 8. */
  readonly windowBits: number
  /** 1 to 9: how much memory finds matches and gathers output. */
  readonly memoryLevel: number
  /** 1 to 9: how hard matches are looked for. */
  readonly level: number
}

/** A compressing context. It remembers what it has compressed until it is reset. */
export interface RawDeflater {
  /** The input as a flushed stream (RFC 7692 §7.2.1), valid until the next call of any context. */
  deflate(input: Uint8Array): Uint8Array
  reset(): void
  close(): void
}

/** What became of a piece of input. */
export interface RawInflation {
  /** Bytes of input that were taken: less than all when the limit was reached, or a final block came to its end. */
  readonly taken: number
  /** Valid until the next call of any context. */
  readonly output: Uint8Array
  readonly outcome: 'more' | 'full' | 'corrupt'
}

/** An inflating context. It remembers what it has inflated. */
export interface RawInflater {
  /**
   * Begins anew, as after a final block, or where it has not seen all that came.
   *
   * @param window up to 32 KiB of what came before; may be empty
   */
  begin(window: Uint8Array): void
  /** @param room the most output; `full` when there is more, and nothing but `begin` may follow, as after `corrupt` */
  inflate(input: Uint8Array, room: number): RawInflation
  close(): void
}

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

class DirectDeflater implements RawDeflater {
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

class DirectInflater implements RawInflater {
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

/** The documented way: a context for every call, with what came before as its dictionary. */
class PublicDeflater implements RawDeflater {
  readonly #shape: DeflateShape
  #before: Uint8Array = noBytes

  constructor(shape: DeflateShape) {
    this.#shape = shape
  }

  deflate(input: Uint8Array): Uint8Array {
    const output = deflateRawSync(input, {
      ...zlibOptions(this.#shape),
      finishFlush: constants.Z_SYNC_FLUSH,
      ...dictionary(this.#before),
    })
    this.#before = lastOf(this.#before, input, 2 ** this.#shape.windowBits)
    return output
  }

  reset(): void {
    this.#before = noBytes
  }

  close(): void {
    this.reset()
  }
}

class PublicInflater implements RawInflater {
  readonly #windowBits: number
  #before: Uint8Array = noBytes

  constructor(windowBits: number) {
    this.#windowBits = windowBits
  }

  begin(window: Uint8Array): void {
    this.#before = window.slice()
  }

  inflate(input: Uint8Array, room: number): RawInflation {
    try {
      const { buffer, engine } = inflateRawSync(input, {
        windowBits: this.#windowBits,
        finishFlush: constants.Z_SYNC_FLUSH,
        // 0 would be taken for no limit.
        maxOutputLength: Math.max(1, room),
        info: true,
        ...dictionary(this.#before),
      }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
      if (buffer.length > room) return { taken: 0, output: noBytes, outcome: 'full' }
      this.#before = lastOf(this.#before, buffer, 2 ** this.#windowBits)
      return { taken: engine.bytesWritten, output: buffer, outcome: 'more' }
    } catch (error) {
      const full = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
      return { taken: 0, output: noBytes, outcome: full ? 'full' : 'corrupt' }
    }
  }

  close(): void {
    this.begin(noBytes)
  }
}

function zlibOptions({ windowBits, memoryLevel, level }: DeflateShape): {
  windowBits: number
  memLevel: number
  level: number
} {
  return { windowBits, memLevel: memoryLevel, level }
}

/** Node takes an empty one for a fault. */
export function dictionary(window: Uint8Array): { dictionary?: Uint8Array } {
  return window.length === 0 ? {} : { dictionary: window }
}

/** The last bytes of two runs. */
function lastOf(before: Uint8Array, input: Uint8Array, most: number): Uint8Array {
  return Buffer.concat([before, input]).subarray(-most)
}

/** Whether the handles of this Node do what is expected of them. */
export const hasDirectHandles: boolean = tryDirectHandles()

function tryDirectHandles(): boolean {
  try {
    const text = Uint8Array.from({ length: 600 }, (_, index) => (index * index) % 7)
    const deflater = new DirectDeflater({ windowBits: 10, memoryLevel: 4, level: 1 })
    const first = deflater.deflate(text).slice()
    const second = deflater.deflate(text).slice()
    deflater.close()
    const inflater = new DirectInflater(10)
    const corrupt = inflater.inflate(Uint8Array.of(0xff, 0xff), 10).outcome
    inflater.begin(noBytes)
    const full = inflater.inflate(first, text.length - 1).outcome
    inflater.begin(noBytes)
    const whole = inflater.inflate(first, text.length).output.slice()
    const remembered = inflater.inflate(second, text.length).output.slice()
    inflater.begin(text)
    const built = inflater.inflate(second, text.length).output.slice()
    inflater.close()
    return (
      second.length < first.length &&
      corrupt === 'corrupt' &&
      full === 'full' &&
      Buffer.compare(whole, text) === 0 &&
      Buffer.compare(remembered, text) === 0 &&
      Buffer.compare(built, text) === 0
    )
  } catch {
    return false
  }
}

/** @param direct false: only by documented calls */
export function rawDeflater(shape: DeflateShape, direct: boolean = hasDirectHandles): RawDeflater {
  return direct ? new DirectDeflater(shape) : new PublicDeflater(shape)
}

export function rawInflater(windowBits: number, direct: boolean = hasDirectHandles): RawInflater {
  return direct ? new DirectInflater(windowBits) : new PublicInflater(windowBits)
}
