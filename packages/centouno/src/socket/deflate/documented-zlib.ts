import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import {
  type DeflateShape,
  dictionary,
  type RawDeflater,
  type RawInflater,
  type RawInflation,
  zlibOptions,
} from './raw-context.ts'

const noBytes = new Uint8Array(0)

/** The documented way: a context for every call, with what came before as its dictionary. */
export class DocumentedDeflater implements RawDeflater {
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

export class DocumentedInflater implements RawInflater {
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

/** The last bytes of two runs. */
function lastOf(before: Uint8Array, input: Uint8Array, most: number): Uint8Array {
  return Buffer.concat([before, input]).subarray(-most)
}
