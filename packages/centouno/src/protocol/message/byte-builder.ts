import { copyMasked } from '../frame/masking.ts'
import { unwrittenBytes } from '../unwritten-bytes.ts'
import { lendBytes, returnBytes } from './lent-bytes.ts'

/** The least that is set aside, so that the first small fragments do not each cost an allocation. */
const leastCapacity = 1024

const noBytes = new Uint8Array(0)

/**
 * How much is set aside at a time, over what has come. To grow is to copy; where the end is known, nothing is in vain. Of a
 * message of 1 MiB, the longest by default, a full read brings just less than a quarter: four times that would leave the
 * last bytes to be waited for in memory of their own.
 */
const step = 2
const stepToKnownEnd = 8

/**
 * One buffer that grows as bytes arrive: what is set aside never exceeds eight times what has come (or a small first
 * step), whatever the peer announced, and twice where the end is not known. Fragments are copied in, so none of them is
 * held as an object of its own.
 */
export class ByteBuilder {
  readonly #lent: boolean
  #bytes: Uint8Array = noBytes
  #length = 0

  /** @param lent what it gathers is only looked at before it is cleared: memory is lent from one to the next */
  constructor(lent: boolean = false) {
    this.#lent = lent
  }

  get length(): number {
    return this.#length
  }

  /** Bytes set aside. */
  get capacity(): number {
    return this.#bytes.length
  }

  /** What has come so far: a view that is valid until the next `append`. */
  view(from = 0): Uint8Array {
    return this.#bytes.subarray(from, this.#length)
  }

  /**
   * Appends `source` from `start` to `end`, XORed with the masking key.
   *
   * @param bound the length that the whole will not exceed: nothing is set aside beyond it
   * @param known it will be just that
   */
  append(
    source: Uint8Array,
    start: number,
    end: number,
    key: number,
    offset: number,
    bound: number,
    known: boolean,
  ): void {
    const length = this.#length + (end - start)
    if (length > this.#bytes.length) this.#grow(length, bound, known)
    copyMasked(source, start, end, this.#bytes, this.#length, key, offset)
    this.#length = length
  }

  /** Hands over the bytes in memory of their own and exact size, and starts afresh. */
  take(): Uint8Array {
    const own = !this.#lent && this.#bytes.length === this.#length
    const bytes = own ? this.#bytes : this.#bytes.slice(0, this.#length)
    this.clear()
    return bytes
  }

  clear(): void {
    if (this.#lent) returnBytes(this.#bytes)
    this.#bytes = noBytes
    this.#length = 0
  }

  #grow(needed: number, bound: number, known: boolean): void {
    const most = Math.max(needed * (known ? stepToKnownEnd : step), leastCapacity)
    const wanted = Math.min(most, bound)
    const grown = (this.#lent ? lendBytes(wanted, most) : undefined) ?? unwrittenBytes(wanted)
    grown.set(this.view())
    if (this.#lent) returnBytes(this.#bytes)
    this.#bytes = grown
  }
}
