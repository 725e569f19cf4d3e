import type { Closing } from '../protocol/connection/closing.ts'
import type { Recorder, StageWriter } from '../report/recorder.ts'
import type { StageFacts } from '../report/connection-report.ts'
import type { Socket } from '../socket/socket.ts'
import type { Transport, TransportListener } from '../transport/transport.ts'
import { writeEnd } from '../report/end-stages.ts'
import type { FirstFin } from '../report/end-stages.ts'

/**
 * Writes the stages after the opening handshake: `open`, `close` and `disconnect`. It sits between the socket and its
 * transport, counts the bytes, and looks after each call whether the socket has begun to close; nothing is altered.
 */
export class EndWatch {
  readonly recorder: Recorder
  readonly #open: StageWriter
  #socket: Socket | undefined
  #close: StageWriter | undefined
  #bytesSent = 0
  #bytesReceived: number
  /** When bytes last arrived: the peer's Close is the last of them. */
  #lastReceived = 0
  #peerFin: number | undefined
  #ourFin: number | undefined

  /** Begins the stage `open`. `early` is the number of its bytes that came with the handshake. */
  constructor(recorder: Recorder, facts: StageFacts, early: number) {
    this.recorder = recorder
    this.#bytesReceived = early
    this.#open = recorder.begin('open', facts)
  }

  /** The same transport, watched. */
  over(transport: Transport): Transport {
    return new WatchedTransport(transport, this)
  }

  follow(socket: Socket): void {
    this.#socket = socket
    // What came glued to the handshake may already have begun, or even ended, the closing.
    this.look()
    void socket.closed.then((closing) => this.#ended(closing))
  }

  /** Looks whether the closing has begun. */
  look(): void {
    if (this.#close !== undefined || this.#socket === undefined || this.#socket.state === 'open') return
    this.#open.bytes(this.#bytesSent, this.#bytesReceived)
    this.#open.end(true)
    this.#close = this.recorder.begin('close')
  }

  sent(bytes: number): void {
    this.#bytesSent += bytes
  }

  received(bytes: number): void {
    this.#bytesReceived += bytes
    this.#lastReceived = this.recorder.now()
  }

  finished(): void {
    this.#ourFin ??= this.recorder.now()
  }

  peerFinished(): void {
    this.#peerFin ??= this.recorder.now()
  }

  #ended(closing: Closing): void {
    this.look()
    const close = this.#close
    if (close === undefined) return
    const now = this.recorder.now()
    const closedAt = closing.received === undefined ? now : Math.min(this.#lastReceived, now)
    writeEnd(this.recorder, close, closing, { closedAt, firstFin: this.#firstFin() })
  }

  #firstFin(): FirstFin {
    if (this.#peerFin === undefined) return this.#ourFin === undefined ? 'none' : 'local'
    return this.#ourFin === undefined || this.#peerFin <= this.#ourFin ? 'remote' : 'local'
  }
}

class WatchedTransport implements Transport {
  readonly #inner: Transport
  readonly #watch: EndWatch

  constructor(inner: Transport, watch: EndWatch) {
    this.#inner = inner
    this.#watch = watch
  }

  get kind(): Transport['kind'] {
    return this.#inner.kind
  }

  get queuedBytes(): number {
    return this.#inner.queuedBytes
  }

  get progress(): number {
    return this.#inner.progress
  }

  start(listener: TransportListener): void {
    const watch = this.#watch
    this.#inner.start({
      received(bytes) {
        watch.received(bytes.length)
        listener.received(bytes)
        watch.look()
      },
      blocked() {
        listener.blocked()
      },
      drained() {
        listener.drained()
      },
      ended() {
        watch.peerFinished()
        listener.ended()
        watch.look()
      },
      failed(error) {
        listener.failed(error)
        watch.look()
      },
      closed() {
        listener.closed()
        watch.look()
      },
    })
  }

  write(bytes: Uint8Array, start: number = 0, end: number = bytes.length): boolean {
    this.#watch.sent(end - start)
    return this.#inner.write(bytes, start, end)
  }

  cork(): void {
    this.#inner.cork()
  }

  uncork(): void {
    this.#inner.uncork()
  }

  pause(): void {
    this.#inner.pause()
  }

  resume(): void {
    this.#inner.resume()
  }

  finish(): void {
    this.#watch.finished()
    this.#inner.finish()
  }

  abort(): void {
    this.#inner.abort()
  }
}
