import { DirectDeflater, DirectInflater } from './direct-zlib.ts'
import { DocumentedDeflater, DocumentedInflater } from './documented-zlib.ts'
import type { DeflateShape, RawDeflater, RawInflater } from './raw-context.ts'

/*
 * Raw DEFLATE, at once, by whichever way this Node has: the quick one is not documented, so that whether it does what is
 * expected is tried out once. Where it does not, the documented calls do the same at a higher price.
 */

const noBytes = new Uint8Array(0)

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
  return direct ? new DirectDeflater(shape) : new DocumentedDeflater(shape)
}

export function rawInflater(windowBits: number, direct: boolean = hasDirectHandles): RawInflater {
  return direct ? new DirectInflater(windowBits) : new DocumentedInflater(windowBits)
}
