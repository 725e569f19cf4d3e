import { constants, createInflateRaw, type InflateRaw } from 'node:zlib'
import { emptyBlockTail } from '../../protocol/deflate/empty-block.ts'
import type { InflateFault, InflateSink, InflatingStream } from '../../protocol/deflate/inflater.ts'
import type { InflaterOwner } from './message-inflater.ts'
import type { PeerWindow } from './peer-window.ts'
import { dictionary } from './raw-context.ts'

/** Of output, at a time: enough to be worth a way to the thread pool and back, little enough to hold. */
const pieceBytes = 64 * 1024

/** One message that is inflated on the thread pool piece by piece, and no faster than the application takes the pieces. */
export class StreamInflater implements InflatingStream {
  readonly #owner: InflaterOwner
  readonly #windowBits: number
  readonly #window: PeerWindow
  readonly #limit: number
  readonly #sink: InflateSink
  #stream: InflateRaw
  #produced = 0
  /** What was written and has not been told as `written`. */
  #input: Uint8Array | undefined
  /** How much the stream had taken before it. */
  #takenBefore = 0
  #consumed = false
  #stopped = false

  constructor(owner: InflaterOwner, windowBits: number, window: PeerWindow, limit: number, sink: InflateSink) {
    this.#owner = owner
    this.#windowBits = windowBits
    this.#window = window
    this.#limit = limit
    this.#sink = sink
    this.#stream = this.#begin()
  }

  write(payload: Uint8Array, last: boolean): void {
    this.#give(Buffer.concat(last ? [payload, emptyBlockTail] : [payload]))
  }

  resume(): void {
    if (this.#input !== undefined) this.#pump(this.#stream)
  }

  stop(): void {
    this.#stopped = true
    this.#input = undefined
    this.#stream.destroy()
  }

  #begin(): InflateRaw {
    const stream = createInflateRaw({
      windowBits: this.#windowBits,
      chunkSize: pieceBytes,
      flush: constants.Z_SYNC_FLUSH,
      finishFlush: constants.Z_SYNC_FLUSH,
      ...dictionary(this.#window.bytes.slice()),
    })
    stream.on('readable', () => this.#pump(stream))
    stream.once('end', () => this.#goOn(stream))
    stream.on('error', () => this.#fail('DEFLATE_CORRUPT'))
    return stream
  }

  #give(input: Uint8Array): void {
    this.#input = input
    this.#consumed = false
    const stream = this.#stream
    this.#takenBefore = stream.bytesWritten
    stream.write(input, () => {
      if (stream !== this.#stream) return
      this.#consumed = true
      this.#pump(stream)
    })
  }

  /** Takes what there is, as long as the application does. */
  #pump(stream: InflateRaw): void {
    if (this.#stopped || stream !== this.#stream || this.#input === undefined) return
    this.#owner.inflated((now) => {
      while (this.#owner.takesPieces) {
        const output = stream.read() as Buffer | null
        if (this.#stopped) return
        if (output === null) {
          if (this.#consumed) this.#written(undefined, now)
          return
        }
        this.#produced += output.length
        if (this.#produced > this.#limit) {
          this.#written('STREAM_TOO_LONG', now)
          return
        }
        this.#window.add(output)
        this.#sink.piece(new Uint8Array(output.buffer, output.byteOffset, output.length))
        if (this.#stopped) return
      }
    })
  }

  /** A final block has come to its end: what follows is a new stream, and the window goes on. */
  #goOn(stream: InflateRaw): void {
    const input = this.#input
    if (this.#stopped || input === undefined) return
    const rest = input.subarray(stream.bytesWritten - this.#takenBefore)
    this.#stream = this.#begin()
    this.#give(rest)
  }

  #fail(fault: InflateFault): void {
    if (this.#stopped) return
    this.#owner.inflated((now) => this.#written(fault, now))
  }

  #written(fault: InflateFault | undefined, now: number): void {
    if (this.#stopped || this.#input === undefined) return
    this.#input = undefined
    if (fault !== undefined) this.stop()
    this.#sink.written(fault, now)
  }
}
