import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { formatAddress } from './address.ts'
import type { Attempt } from './attempt.ts'
import type { WireTelling } from './wire-observer.ts'

type Callback = (error?: Error | null) => void

/**
 * A connected socket whose bytes are shown as they pass. It is put around a socket only to be watched: Node's TLS reads
 * a `net.Socket` past its JavaScript side, where nobody sees the records, but goes through any other stream.
 *
 * It behaves as the socket does: one side may end before the other, errors keep their system codes, and who stops
 * reading it stops the peer.
 */
export class WatchedStream extends Duplex {
  readonly #socket: Socket
  readonly #wire: WireTelling

  constructor(socket: Socket, wire: WireTelling) {
    super({ allowHalfOpen: true })
    this.#socket = socket
    this.#wire = wire
    socket.on('data', (chunk: Uint8Array) => {
      wire.bytes('received', chunk)
      if (!this.push(chunk)) socket.pause()
    })
    socket.on('end', () => {
      wire.ended('received')
      this.push(null)
    })
    socket.on('error', (error) => {
      wire.failed(error)
      this.destroy(error)
    })
    socket.on('close', () => {
      wire.closed()
      // When both sides have ended well, what is still unread can be read.
      if (!socket.readableEnded || !socket.writableFinished) this.destroy()
    })
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }

  get bytesRead(): number {
    return this.#socket.bytesRead
  }

  get bytesWritten(): number {
    return this.#socket.bytesWritten
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: Callback): void {
    this.#wire.bytes('sent', chunk)
    this.#socket.write(chunk, callback)
  }

  // What was corked leaves in one write.
  override _writev(chunks: { chunk: Uint8Array; encoding: BufferEncoding }[], callback: Callback): void {
    this.#socket.cork()
    for (const [index, { chunk }] of chunks.entries()) {
      this.#wire.bytes('sent', chunk)
      if (index === chunks.length - 1) this.#socket.write(chunk, callback)
      else this.#socket.write(chunk)
    }
    this.#socket.uncork()
  }

  override _final(callback: Callback): void {
    this.#wire.ended('sent')
    this.#socket.end(() => callback())
  }

  override _destroy(error: Error | null, callback: Callback): void {
    if (this.#socket.closed) {
      callback(error)
      return
    }
    this.#socket.once('close', () => callback(error))
    this.#socket.destroy()
  }
}

/** The socket itself, or, when the attempt is watched, what shows its bytes. The attempt owns it. */
export function watched(attempt: Attempt, socket: Socket): Socket | WatchedStream {
  const { wire } = attempt
  if (wire === undefined) return socket
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  wire.connected({
    local: formatAddress(localAddress ?? '', localPort ?? 0),
    remote: formatAddress(remoteAddress ?? '', remotePort ?? 0),
  })
  const stream = new WatchedStream(socket, wire)
  attempt.own(stream)
  attempt.watchedSocket = socket
  return stream
}

/** A stream that counts its bytes and knows its peer: a socket of the system, watched or not. */
export function isSocket(stream: Duplex): stream is Socket | WatchedStream {
  return stream instanceof Socket || stream instanceof WatchedStream
}
