import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { readBuffer } from '../native/provide-kernels.ts'

/*
 * Node reads each chunk of a socket into 64 KiB of new memory. A socket that is made with `onread` reads into memory that
 * it is given, which may be the same for all, as one is read after the other: that spares the allocation, and the
 * memory is where the processor has it at hand. Node documents the option for connecting sockets only, so one that
 * was accepted is made anew on the handle of the first: all that relies on it is in this file, and where something
 * of it does not hold (TLS, another runtime, a stream of somebody's own), streams are read by 'data' as ever.
 */

/** Full reads in a row before others get their turn: libuv goes on up to 32 times, which can be 8 MiB. */
const readsInTurn = 4

/** What net.Socket keeps to itself. */
interface Internals {
  _handle: SocketHandle | null
  /** Which server counts it. */
  _server?: unknown
  readonly _readableState?: { readonly ended?: boolean }
}

interface SocketHandle {
  useUserBuffer?: unknown
}

const noBytes = new Uint8Array(0)

/** For testing: whether plain streams are to be read into the shared buffer. */
export const sharedReading: { enabled: boolean } = { enabled: true }

/** A TCP socket that reads into the buffer which all of them share. */
export class SharedReadingSocket extends Socket {
  /** Gets what is read; it may keep nothing of it. Nobody reads before it is there. */
  receiver: ((bytes: Uint8Array) => void) | undefined
  #fullReads = 0
  #held = false

  constructor(handle: SocketHandle) {
    // Reading begins with `resume`, as for a connection that a server accepts with `pauseOnConnect`.
    const onread = { buffer: readBuffer, callback: (length: number) => this.#read(length) }
    const options = { handle, allowHalfOpen: true, pauseOnCreate: true, onread }
    super(options)
  }

  #read(length: number): boolean {
    this.receiver?.(readBuffer.subarray(0, length))
    if (length < readBuffer.length) {
      this.#fullReads = 0
      return true
    }
    this.#fullReads += 1
    if (this.#fullReads >= readsInTurn) this.#letOthersRead()
    return true
  }

  /** Stops reading, or takes it up again. */
  hold(held: boolean): void {
    this.#held = held
    if (held) this.pause()
    else this.resume()
  }

  #letOthersRead(): void {
    this.#fullReads = 0
    this.pause()
    setImmediate(() => {
      if (!this.#held && !this.destroyed) this.resume()
    })
  }
}

/** A stream that takes the place of another. */
export interface Successor {
  readonly stream: SharedReadingSocket
  /** What the other had read, and nobody had taken. */
  readonly early: Uint8Array
}

/**
 * A stream for the same connection that reads into the shared buffer; undefined when it cannot be had, and then nothing
 * has happened. The stream that was passed is of no more use: it is never closed.
 *
 * @param stream paused, with nothing left to write; nobody else may hold it
 */
export function shareReading(stream: Duplex): Successor | undefined {
  if (!sharedReading.enabled || !isPlain(stream) || stream.destroyed) return undefined
  if (stream.readableEnded || stream.writableEnded || stream.writableLength > 0) return undefined
  const before: Duplex & Partial<Internals> = stream
  const handle = before._handle
  if (!handle || typeof handle.useUserBuffer !== 'function' || before._readableState?.ended !== false) return undefined
  const early = stream.readableLength > 0 ? (stream.read() as Uint8Array) : noBytes
  before._handle = null
  const after: SharedReadingSocket & Partial<Internals> = new SharedReadingSocket(handle)
  // A server closes when those are gone that it counts.
  after._server = before._server
  before._server = null
  return { stream: after, early }
}

/** Whether it is a socket of Node's, and no other that is built upon one. */
function isPlain({ constructor }: Duplex): boolean {
  return constructor === Socket
}
