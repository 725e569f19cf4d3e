import type { Duplex } from 'node:stream'

/** One direction of a connection, as it is carried. */
export interface OneWay {
  /** Resolves when it is over: the source has ended, `stop` was called, or `take` has left something. Never rejects. */
  readonly done: Promise<'ended' | 'stopped'>
  /** Leaves what comes from now on unread. */
  stop(): void
}

/**
 * Carries what comes from one stream to another: no faster than it is taken, and with its end. What becomes of errors is
 * up to the caller.
 *
 * @param take Is shown each chunk before it goes, and says how many of its bytes do; what is left is unread again.
 */
export function oneWay(from: Duplex, to: Duplex, take: (bytes: Uint8Array) => number): OneWay {
  const { promise: done, resolve: over } = withResolvers<'ended' | 'stopped'>()
  const drained = (): void => void from.resume()
  const data = (chunk: Uint8Array): void => {
    const count = take(chunk)
    if (count > 0 && to.writable && !to.write(chunk.subarray(0, count))) from.pause()
    if (count >= chunk.length) return
    stop()
    from.unshift(chunk.subarray(count))
  }
  const end = (): void => {
    detach()
    if (to.writable) to.end()
    over('ended')
  }
  const detach = (): void => {
    from.off('data', data)
    from.off('end', end)
    to.off('drain', drained)
  }
  const stop = (): void => {
    from.pause()
    detach()
    over('stopped')
  }
  from.on('data', data)
  from.on('end', end)
  to.on('drain', drained)
  from.resume()
  return { done, stop }
}

/** A promise with what settles it; the language has it built in only later than the oldest Node we run on. */
function withResolvers<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  const settling: { resolve?: (value: Value) => void } = {}
  const promise = new Promise<Value>((resolve) => (settling.resolve = resolve))
  return { promise, resolve: (value) => settling.resolve?.(value) }
}
