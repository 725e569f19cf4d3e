import { constants, inflateRaw } from 'node:zlib'
import { emptyBlockTail } from '../../protocol/deflate/empty-block.ts'
import type { Inflated, Inflater, InflateSink, InflatingStream } from '../../protocol/deflate/inflater.ts'
import { mostWindowBits } from '../../protocol/deflate/parameters.ts'
import { type ContextHolder, type ContextPool, inflaterBytes, neverUsed } from './context-pool.ts'
import { PeerWindow } from './peer-window.ts'
import { dictionary, type RawInflater } from './raw-context.ts'
import { rawInflater } from './raw-zlib.ts'
import { StreamInflater } from './stream-inflater.ts'

/** What an inflater needs of its socket. */
export interface InflaterOwner {
  /** Runs what a message leads to, as if its bytes had just come. */
  inflated(act: (now: number) => void): void
  /** False while the application has more than it takes: a stream that is being inflated waits then. */
  readonly takesPieces: boolean
}

/**
 * What is inflated at once: of input, and of output. Beyond either the thread pool does it, since this much takes about as
 * long as going there and back, and little enough that nobody else on the event loop notices.
 */
const inflatedAtOnce = 64 * 1024
const mostAtOnce = 256 * 1024

/**
 * Final blocks within one message (RFC 7692 §7.2.3.4 allows them): each costs a fresh start, and no honest sender has more
 * than one for each of its flushes.
 */
const mostFinalBlocks = 64

/**
 * A connection gets a context of its own when its window has become so long: until then it costs less to put the window
 * into the one that all share, before each message.
 */
const worthAContext = 8 * 1024

/** Where a payload gets its end back; used within one call, so one serves all. */
const inputScratch = new Uint8Array(inflatedAtOnce + emptyBlockTail.length)

const noBytes = new Uint8Array(0)

/** What keeps nothing from one message to the next serves all sockets: one for each size of window. */
const inflaters = new Map<number, RawInflater>()

/** Inflates the messages of one peer. */
export class MessageInflater implements Inflater, ContextHolder {
  readonly contextBytes: number
  usedAt: number = neverUsed
  readonly #pool: ContextPool
  readonly #owner: InflaterOwner
  readonly #windowBits: number
  /** Undefined without takeover: each message stands on its own. */
  readonly #window: PeerWindow | undefined
  #own: RawInflater | undefined
  /** The own context has inflated all that came. */
  #inStep = false
  #stream: StreamInflater | undefined
  /** Counts what is given up, so that what comes of it later is not told. */
  #generation = 0

  constructor(pool: ContextPool, owner: InflaterOwner, windowBits: number, takeover: boolean) {
    this.#pool = pool
    this.#owner = owner
    this.#windowBits = takeover ? windowBits : mostWindowBits
    this.#window = takeover ? new PeerWindow(windowBits) : undefined
    this.contextBytes = inflaterBytes(this.#windowBits)
  }

  /** Bytes kept between messages. */
  get heldBytes(): number {
    return this.#window?.heldBytes ?? 0
  }

  inflate(payload: Uint8Array, limit: number, done: (result: Inflated, now: number) => void): Inflated | undefined {
    if (payload.length <= inflatedAtOnce) {
      inputScratch.set(payload)
      inputScratch.set(emptyBlockTail, payload.length)
      const input = inputScratch.subarray(0, payload.length + emptyBlockTail.length)
      const result = this.#inflateAtOnce(input, Math.min(limit, mostAtOnce))
      // Only a limit of our own was passed: once more, with time.
      if (result !== 'MESSAGE_TOO_LONG' || limit <= mostAtOnce) return this.#remember(result)
    }
    this.#inStep = false
    const generation = this.#generation
    this.#inflateLater(Buffer.concat([payload, emptyBlockTail]), limit, [], (result) => {
      if (generation !== this.#generation) return
      this.#owner.inflated((now) => done(this.#remember(result), now))
    })
    return undefined
  }

  open(limit: number, sink: InflateSink): InflatingStream {
    this.#inStep = false
    const window = this.#window ?? new PeerWindow(mostWindowBits)
    this.#stream = new StreamInflater(this.#owner, this.#windowBits, window, limit, sink)
    return this.#stream
  }

  /** The application takes more again. */
  resume(): void {
    this.#stream?.resume()
  }

  stop(): void {
    this.#generation++
    this.#stream?.stop()
    this.#stream = undefined
    this.#window?.clear()
    this.#inStep = false
  }

  contextLost(): void {
    this.#own?.close()
    this.#own = undefined
    this.#inStep = false
  }

  /** Nothing more will come. */
  end(): void {
    this.stop()
    this.#pool.release(this)
  }

  #remember(result: Inflated): Inflated {
    if (typeof result !== 'string') this.#window?.add(result)
    return result
  }

  #inflateAtOnce(input: Uint8Array, limit: number): Inflated {
    const inflater = this.#begin()
    // Until it has gone well.
    this.#inStep = false
    const parts: Uint8Array[] = []
    let length = 0
    let rest = input
    for (let blocks = 0; blocks <= mostFinalBlocks; blocks++) {
      const { taken, output, outcome } = inflater.inflate(rest, limit - length)
      if (outcome === 'corrupt') return 'DEFLATE_CORRUPT'
      if (outcome === 'full') return 'MESSAGE_TOO_LONG'
      if (taken === rest.length) {
        this.#inStep = inflater === this.#own
        return parts.length === 0 ? output : Buffer.concat([...parts, output])
      }
      // A final block has come to its end, and more follows. The window goes on.
      const part = output.slice()
      parts.push(part)
      length += part.length
      inflater.begin(parts.reduce(lastOf, this.#window?.bytes ?? noBytes))
      rest = rest.subarray(taken)
    }
    return 'DEFLATE_CORRUPT'
  }

  /** A context that has what the next message may build on. */
  #begin(): RawInflater {
    const window = this.#window
    if (window === undefined || window.length < worthAContext || !this.#pool.use(this)) {
      const shared = sharedInflater(this.#windowBits)
      shared.begin(window?.bytes ?? noBytes)
      return shared
    }
    this.#own ??= rawInflater(this.#windowBits)
    if (!this.#inStep) this.#own.begin(window.bytes)
    return this.#own
  }

  #inflateLater(input: Uint8Array, limit: number, parts: Uint8Array[], done: (result: Inflated) => void): void {
    const before = parts.reduce((sum, part) => sum + part.length, 0)
    const window = parts.reduce(lastOf, this.#window?.bytes.slice() ?? noBytes)
    const options = {
      windowBits: this.#windowBits,
      finishFlush: constants.Z_SYNC_FLUSH,
      // 0 would be taken for no limit.
      maxOutputLength: Math.max(1, limit - before),
      chunkSize: inflatedAtOnce,
      info: true,
      ...dictionary(window),
    }
    inflateRaw(input, options, (error, result) => {
      if (error) {
        done((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'MESSAGE_TOO_LONG' : 'DEFLATE_CORRUPT')
        return
      }
      const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
      const all = [...parts, ownBytes(buffer)]
      if (before + buffer.length > limit) done('MESSAGE_TOO_LONG')
      else if (engine.bytesWritten === input.length)
        done(all.length === 1 ? (all[0] as Uint8Array) : ownBytes(Buffer.concat(all)))
      else if (all.length > mostFinalBlocks) done('DEFLATE_CORRUPT')
      else this.#inflateLater(input.subarray(engine.bytesWritten), limit, all, done)
    })
  }
}

/** What an application gets is a plain array, wherever it was made. */
function ownBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}

function sharedInflater(windowBits: number): RawInflater {
  let inflater = inflaters.get(windowBits)
  if (inflater === undefined) {
    inflater = rawInflater(windowBits)
    inflaters.set(windowBits, inflater)
  }
  return inflater
}

/** The last of two runs of bytes that a window can reach. */
function lastOf(before: Uint8Array, added: Uint8Array): Uint8Array {
  return Buffer.concat([before, added]).subarray(-(2 ** mostWindowBits))
}
