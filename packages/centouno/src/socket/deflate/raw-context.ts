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

/** The shape as zlib's options have it. */
export function zlibOptions({ windowBits, memoryLevel, level }: DeflateShape): {
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
