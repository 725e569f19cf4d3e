import { channel } from 'node:diagnostics_channel'
import { type Server, Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { readBuffer } from '../native/provide-kernels.ts'
import { userOf } from './stream-ends.ts'
import type { TransportListener } from './transport.ts'

/*
 * Node reads each chunk of a socket into 64 KiB of new memory. A socket that is made with `onread` reads into memory that
 * it is given, which may be the same for all, as one is read after the other: that spares the allocation, and the
 * memory is where the processor has it at hand. Node documents the option for connecting sockets only. So a server is
 * made to build such sockets of what it accepts, and one that connected is made anew on the handle of the first. All
 * that relies on it is in this file, and where something of it does not hold (TLS, another runtime, a stream of
 * somebody's own), streams are read by 'data' as ever.
 */

/** Full reads in a row before others get their turn: libuv goes on up to 32 times, which can be 8 MiB. */
const readsInTurn = 4

/** What net.Socket keeps to itself. */
interface Internals {
  _handle: SocketHandle | null
  /** Which server counts it. */
  _server?: unknown
  /** The other end's address, once somebody has asked for it. */
  _peername?: unknown
  readonly _readableState?: { readonly ended?: boolean }
}

interface SocketHandle {
  useUserBuffer?: unknown
  setNoDelay?(enabled: boolean): void
}

/** What net.Server keeps to itself. */
interface ServerInternals {
  readonly _handle?: { onconnection?: (this: unknown, error: number, accepted?: SocketHandle) => void } | null
  _connections?: number
}

const noBytes = new Uint8Array(0)

/** Where Node tells of each socket that a server has accepted. */
const acceptedSockets = channel('net.server.socket')

/** For testing: whether plain streams are to be read into the shared buffer. */
export const sharedReading: { enabled: boolean } = { enabled: true }

/**
 * What net.Socket sets in its copy of the options. V8 11.3 (Node 20) makes a hidden class of its own for each copy that a
 * property is added to, and a property read from such a copy is looked up anew each time, of which there are dozens.
 */
const setByNode = { emitClose: false, autoDestroy: true, decodeStrings: false }

type Receiver = Pick<TransportListener, 'received'>

/** A TCP socket that reads into the buffer which all of them share. */
export class SharedReadingSocket extends Socket {
  /** Gets what is read; it may keep nothing of it. Until it is there, a copy goes through the stream, as ever. */
  receiver: Receiver | undefined
  #fullReads = 0
  #held = false

  /** One for all sockets: Node calls it as a method of the socket, which spares each a function of its own. */
  static readonly #onread = {
    buffer: readBuffer,
    callback(this: unknown, length: number): boolean {
      return (this as SharedReadingSocket).#read(length)
    },
  }

  constructor(handle: SocketHandle) {
    const options = {
      handle,
      allowHalfOpen: true,
      // Reading begins with `resume`, or with somebody who listens for bytes.
      manualStart: true,
      onread: SharedReadingSocket.#onread,
      ...setByNode,
    }
    super(options)
  }

  #read(length: number): boolean {
    const bytes = readBuffer.subarray(0, length)
    if (this.receiver === undefined) return this.push(Buffer.from(bytes))
    this.receiver.received(bytes)
    if (length < readBuffer.length) {
      this.#fullReads = 0
      return true
    }
    this.#fullReads += 1
    if (this.#fullReads >= readsInTurn) this.#letOthersRead()
    return true
  }

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    const more = super.push(chunk, encoding)
    // Rather than by 'end': Node listens for it as well, and two listeners are an array for each socket.
    if (chunk === null && this.receiver !== undefined) this.#tellEnd()
    return more
  }

  override pause(): this {
    // While a copy goes through the stream, that holds what comes, within its bound: a pause is mostly over at once, and
    // to stop reading and begin again are two calls into the system each.
    return this.receiver === undefined ? (Duplex.prototype.pause.call(this) as this) : super.pause()
  }

  /** From here on, bytes go to the receiver, and their end to the stream's user. Returns those that the stream holds. */
  receiveBy(receiver: Receiver): Uint8Array {
    this.receiver = receiver
    const held = this.readableLength > 0 ? (this.read() as Uint8Array) : noBytes
    const { _readableState: state } = this as Duplex & Partial<Internals>
    if (state?.ended === true || this.readableEnded) this.#tellEnd()
    return held
  }

  /** Stops reading, or takes it up again. */
  hold(held: boolean): void {
    this.#held = held
    if (held) this.pause()
    else this.resume()
  }

  /** As late as 'end' comes, and after what the stream held has gone to the receiver. */
  #tellEnd(): void {
    process.nextTick(queueMicrotask, () => userOf(this)?.ended())
  }

  #letOthersRead(): void {
    this.#fullReads = 0
    this.pause()
    setImmediate(() => {
      if (!this.#held && !this.destroyed) this.resume()
    })
  }
}

/**
 * From here on, what a server accepts is read into the shared buffer, where that can be had; otherwise nothing has
 * happened. Its listeners get a SharedReadingSocket then, with Nagle's algorithm off.
 *
 * @param server listening
 */
export function acceptSharedReading(server: Server): void {
  const internals: ServerInternals = server as Server & ServerInternals
  const handle = internals._handle
  if (!sharedReading.enabled || typeof internals._connections !== 'number') return
  if (!handle || typeof handle.onconnection !== 'function') return
  const accept = handle.onconnection
  handle.onconnection = (error, accepted) => {
    if (typeof accepted?.useUserBuffer !== 'function') {
      accept.call(handle, error, accepted)
      return
    }
    const socket: SharedReadingSocket & Partial<Internals> = new SharedReadingSocket(accepted)
    accepted.setNoDelay?.(true)
    // A server closes when those are gone that it counts.
    socket._server = server
    internals._connections = (internals._connections ?? 0) + 1
    server.emit('connection', socket)
    if (acceptedSockets.hasSubscribers) acceptedSockets.publish({ socket })
  }
}

/**
 * The address of the other end. Node keeps what it found for the next who asks, in an object for each socket; it is let go
 * of here, and found again by whoever asks while the socket is open.
 */
export function remoteAddressOf(stream: Socket): string | undefined {
  const { remoteAddress } = stream
  if (stream instanceof SharedReadingSocket) (stream as Socket & Partial<Internals>)._peername &&= undefined
  return remoteAddress
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
