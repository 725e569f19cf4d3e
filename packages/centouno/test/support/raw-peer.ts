import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import { framesOf, type SeenFrame } from '../protocol/wire.ts'

/** The sample key of RFC 6455 §1.2. */
const sampleKey = 'dGhlIHNhbXBsZSBub25jZQ=='

/** A valid opening request, field by field as RFC 6455 §4.1 asks; `fields` are added, as whole lines. */
export function openingRequest(path: string, ...fields: readonly string[]): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: server.example',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${sampleKey}`,
    'Sec-WebSocket-Version: 13',
    ...fields,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

const live = new Set<net.Socket>()

/** Ends every raw peer that is still connected: none of them answers a server's Close by itself. */
export function resetRawPeers(): void {
  for (const socket of live) socket.destroy()
}

/** A client that speaks bytes and knows no WebSocket: what it sends and sees is the wire. */
export class RawPeer {
  readonly #socket: net.Socket
  /** Twice as large whenever it is full: what comes may be megabytes, and is copied once or twice, not with each chunk. */
  #space = Buffer.alloc(1024)
  #length = 0
  #ended = false
  #news: (() => void) | undefined
  /** Resolves when the connection is gone, whichever way. */
  readonly closed: Promise<void>
  error: Error | undefined

  private constructor(socket: net.Socket) {
    this.#socket = socket
    live.add(socket)
    socket.once('close', () => live.delete(socket))
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.#keep(chunk)
      this.#news?.()
    })
    socket.on('end', () => {
      this.#ended = true
      this.#news?.()
    })
    socket.on('error', (error) => {
      this.error = error
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#ended = true
        this.#news?.()
        resolve()
      })
    })
  }

  /** @param answersFin False for a peer that stays when the server has sent FIN. */
  static async connect(port: number, answersFin: boolean = true): Promise<RawPeer> {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: !answersFin })
    const peer = new RawPeer(socket)
    await once(socket, 'connect')
    return peer
  }

  static async connectSecure(port: number, options: tls.ConnectionOptions): Promise<RawPeer> {
    const socket = tls.connect({ port, host: '127.0.0.1', ...options })
    const peer = new RawPeer(socket)
    await once(socket, 'secureConnect')
    return peer
  }

  /** What has come so far. */
  get received(): Buffer {
    return this.#space.subarray(0, this.#length)
  }

  #keep(chunk: Buffer): void {
    const length = this.#length + chunk.length
    if (length > this.#space.length) {
      const space = Buffer.alloc(Math.max(length, 2 * this.#space.length))
      this.#space.copy(space, 0, 0, this.#length)
      this.#space = space
    }
    chunk.copy(this.#space, this.#length)
    this.#length = length
  }

  /** True when the other side has sent FIN or is gone. */
  get ended(): boolean {
    return this.#ended
  }

  async send(...pieces: readonly (string | Uint8Array)[]): Promise<void> {
    for (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
      await new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()))
    }
  }

  /** One write for each byte. */
  async drip(bytes: Uint8Array): Promise<void> {
    for (const byte of bytes) {
      if (this.#ended) return
      await this.send(Uint8Array.of(byte))
    }
  }

  finish(): void {
    this.#socket.end()
  }

  reset(): void {
    this.#socket.resetAndDestroy()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Waits until what has come fits, or throws when the connection ended before. */
  async until(fits: (received: Buffer) => boolean): Promise<void> {
    while (!fits(this.received)) {
      if (this.#ended) throw new Error(`the connection ended after: ${this.received.toString('latin1')}`)
      await new Promise<void>((resolve) => {
        this.#news = resolve
      })
    }
  }

  /** The response's head. */
  async head(): Promise<string> {
    await this.until((received) => received.includes('\r\n\r\n'))
    return this.received.toString('latin1').split('\r\n\r\n', 1)[0] ?? ''
  }

  async status(): Promise<number> {
    return Number((await this.head()).split(' ')[1])
  }

  /** Everything until the other side's FIN. */
  async all(): Promise<string> {
    await this.until(() => this.#ended)
    return this.received.toString('utf8')
  }

  /** The first frames behind the response's head. */
  async frames(count: number): Promise<readonly SeenFrame[]> {
    let frames: readonly SeenFrame[] = []
    await this.until((received) => {
      const headEnd = received.indexOf('\r\n\r\n')
      if (headEnd === -1) return false
      frames = wholeFrames(received.subarray(headEnd + 4))
      return frames.length >= count
    })
    return frames.slice(0, count)
  }

  async texts(count: number): Promise<readonly string[]> {
    return (await this.frames(count)).map((frame) => new TextDecoder().decode(frame.payload))
  }
}

/** The frames that have come to their end; a last one that has not is left out. */
function wholeFrames(bytes: Uint8Array): readonly SeenFrame[] {
  let end = bytes.length
  // Test frames are short: looking for the longest run that parses costs little.
  while (end > 0) {
    try {
      return framesOf(bytes.subarray(0, end))
    } catch {
      end -= 1
    }
  }
  return []
}
