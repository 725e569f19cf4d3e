import type { OptionShape } from '../option-shapes.ts'

/** How messages are compressed where the peer agrees to `permessage-deflate` (RFC 7692). Every part has a default. */
export interface CompressionOptions {
  /** Shorter messages, in bytes, are sent as they are. `send(data, { compress })` decides for one message. Default 512. */
  readonly threshold: number
  /** 1 (fast) to 9 (small). Default 3. */
  readonly level: number
  /** 1 to 9: what a context takes to find matches. Default 5. */
  readonly memoryLevel: number
  /** The largest window for what is sent: the base-2 logarithm of its bytes, 9 to 15. Default 13, 8 KiB. */
  readonly windowBits: number
  /**
   * What is sent may build on earlier messages of the connection (context takeover), as the memory budget allows. False:
   * each message stands on its own, and one context serves all connections. Default true.
   */
  readonly takeover: boolean
  /** The largest window kept for the peer's takeover, 8 to 15. Default 15. */
  readonly peerWindowBits: number
  /** The peer may build on its earlier messages, as the memory budget allows. Default true. */
  readonly peerTakeover: boolean
}

export const defaultCompression: CompressionOptions = {
  // Below, a message fits into the same packet either way, and only costs time.
  threshold: 512,
  // Figures: docs/howto/compression.md. Above it, each step costs more time than it saves bytes.
  level: 3,
  // 13 and 5 against 15 and 8: hardly larger, half of the time, as the caches hold it, and less than half of the memory.
  memoryLevel: 5,
  windowBits: 13,
  takeover: true,
  peerWindowBits: 15,
  peerTakeover: true,
}

const bounds: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['threshold', [0, Number.MAX_SAFE_INTEGER]],
  ['level', [1, 9]],
  ['memoryLevel', [1, 9]],
  // zlib has no raw window of 8 for what it compresses.
  ['windowBits', [9, 15]],
  ['peerWindowBits', [8, 15]],
])

/** What an application may give: `true` for the defaults, `false` for no compression. */
export type CompressionInput = boolean | Partial<CompressionOptions>

export const compressionShape: OptionShape = {
  named: 'true, false or an object of options',
  fits: (value) => typeof value === 'boolean' || (typeof value === 'object' && value !== null),
}

/**
 * The options with the defaults for those that are not given; undefined for no compression. Returns a sentence instead
 * when one of them does not exist or cannot be what it was given as.
 */
export function completeCompression(given: CompressionInput): CompressionOptions | undefined | string {
  if (given === false) return undefined
  if (given === true) return defaultCompression
  const complete = { ...defaultCompression }
  for (const [name, value] of Object.entries<unknown>(given)) {
    if (value === undefined) continue
    const fault = faultOf(name, value)
    if (fault !== undefined) return fault
    Object.assign(complete, { [name]: value })
  }
  return complete
}

function faultOf(name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(defaultCompression, name)) {
    return `There is no compression.${name}. Give one of these: ${Object.keys(defaultCompression).join(', ')}.`
  }
  const bound = bounds.get(name)
  if (bound === undefined) {
    return typeof value === 'boolean' ? undefined : `compression.${name} must be true or false, not ${String(value)}.`
  }
  const [least, most] = bound
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return undefined
  return `compression.${name} must be a whole number from ${least} to ${most}, not ${String(value)}.`
}
