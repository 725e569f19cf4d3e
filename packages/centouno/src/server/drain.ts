import { longestDelay } from '../transport/clock.ts'
import { drainFault } from './check-options.ts'
import { ServerInputError } from './server-errors.ts'
import type { RunningSockets } from './running-sockets.ts'
import type { ServerSocket } from './server-socket.ts'

/** How a server goes: when, and what it tells its clients. */
export interface DrainOptions {
  /** Milliseconds until what is left is cut off. Default 25,000: orchestrators commonly kill a process after 30 s. */
  readonly within?: number
  /**
   * Milliseconds over which the sockets are closed one after another, so that their clients do not come back, to this or
   * another server, all at once. Default: half of `within`.
   */
  readonly over?: number
  /** 1001 (Going Away, RFC 6455 §7.4.1) is the default; 1012 (Service Restart, IANA) says that it will be back. */
  readonly code?: 1001 | 1012
  /** The reason in each Close, 123 bytes at most. */
  readonly reason?: string
}

/** How a drain went. */
export interface DrainSummary {
  /** Sockets that were open when it began. */
  readonly sockets: number
  /** Those of them whose closing handshake was completed. */
  readonly closed: number
  /** Those that were cut off, by their clients or at the deadline. */
  readonly cut: number
  /** Handshakes that were refused with `SERVER_DRAINING`. */
  readonly refused: number
  /** Sockets whose handlers were still running at the deadline. */
  readonly handlersRunning: number
  /** Milliseconds it took. */
  readonly elapsed: number
}

/** What is drained. */
export interface Draining {
  readonly running: Pick<RunningSockets, 'size' | 'all' | 'whenNone'>
  /** Milliseconds a client has to answer a Close. */
  readonly closeTimeout: number
  /** How many handshakes have been refused because of draining. */
  readonly refused: () => number
}

const defaultWithin = 25_000

/** Milliseconds between looks at who is to be closed. */
const step = 20

/**
 * Closes sockets one after another, each once what was queued for it has gone out, waits for their handlers, and cuts off
 * what is left at the deadline. Begun by the first call; a later one can only bring its times nearer.
 */
export class Drain {
  readonly summary: Promise<DrainSummary>
  readonly #draining: Draining
  readonly #begun = performance.now()
  readonly #sockets: readonly ServerSocket[]
  readonly #code: number
  readonly #reason: string
  /** Whose turn has come, but for whom something is still queued. */
  readonly #flushing = new Set<ServerSocket>()
  #turn = 0
  #deadline: number
  #spreadEnd: number
  #timer: NodeJS.Timeout | undefined
  #cut: (() => void) | undefined
  /** There is nothing left that a timer could be for. */
  #over = false

  constructor(draining: Draining, options: DrainOptions) {
    const { within, over, code, reason } = readOptions(options)
    this.#draining = draining
    this.#sockets = draining.running.all.filter(({ state }) => state !== 'closed')
    this.#code = code
    this.#reason = reason
    this.#deadline = this.#begun + within
    this.#spreadEnd = this.#begun + over
    this.summary = this.#run()
  }

  /** A second call, such as for a second signal: keeps the nearer deadline and the shorter spread. */
  hurry(options: DrainOptions): void {
    const { within, over } = readOptions(options)
    if (this.#over) return
    const now = performance.now()
    this.#deadline = Math.min(this.#deadline, now + within)
    this.#spreadEnd = Math.min(this.#spreadEnd, now + over)
    this.#look()
  }

  async #run(): Promise<DrainSummary> {
    const { running } = this.#draining
    const refusedBefore = this.#draining.refused()
    const cut = new Promise<void>((resolve) => {
      this.#cut = resolve
    })
    this.#look()
    await Promise.race([cut, running.whenNone()])
    this.#over = true
    clearTimeout(this.#timer)
    for (const socket of this.#sockets) socket.terminate()
    const closings = await Promise.all(this.#sockets.map((socket) => socket.closed))
    const closed = closings.filter(({ clean }) => clean).length
    return {
      sockets: closings.length,
      closed,
      cut: closings.length - closed,
      refused: this.#draining.refused() - refusedBefore,
      handlersRunning: running.size,
      elapsed: Math.round(performance.now() - this.#begun),
    }
  }

  #look(): void {
    clearTimeout(this.#timer)
    const now = performance.now()
    if (now >= this.#deadline) {
      this.#cut?.()
      return
    }
    for (const due = this.#due(now); this.#turn < due; this.#turn += 1) {
      const socket = this.#sockets[this.#turn]
      if (socket) this.#flushing.add(socket)
    }
    // An application may go on sending for ever: from here on only so much time is left as a client needs to answer.
    const lastCall = now >= this.#deadline - this.#draining.closeTimeout
    for (const socket of this.#flushing) {
      if (socket.bufferedBytes > 0 && !lastCall) continue
      this.#flushing.delete(socket)
      void socket.close(this.#code, this.#reason)
    }
    const done = this.#turn === this.#sockets.length && this.#flushing.size === 0
    this.#timer = setTimeout(() => this.#look(), done ? this.#deadline - now : Math.min(step, this.#deadline - now))
  }

  /** How many sockets are to have been closed by now. */
  #due(now: number): number {
    const spread = this.#spreadEnd - this.#begun
    const share = now >= this.#spreadEnd ? 1 : (now - this.#begun) / spread
    return Math.min(this.#sockets.length, Math.floor(share * this.#sockets.length) + 1)
  }
}

function readOptions(options: DrainOptions): Required<DrainOptions> {
  const fault = drainFault(options)
  if (fault !== undefined) throw new ServerInputError('DRAIN', `The server cannot be drained so: ${fault}`)
  const { within = defaultWithin, over = within / 2, code = 1001, reason = 'the server is shutting down' } = options
  if (!(within >= 0 && within <= longestDelay)) throw wrong(`within is ${within}, not 0 to ${longestDelay} ms`)
  if (!(over >= 0 && over <= within)) throw wrong(`over is ${over}, not 0 to ${within} ms, which is \`within\``)
  if (code !== 1001 && code !== 1012) throw wrong(`code is ${String(code)}, not 1001 (going away) or 1012 (restart)`)
  if (Buffer.byteLength(reason) > longestReason) throw wrong(`reason is longer than ${longestReason} bytes of UTF-8`)
  return { within, over, code, reason }
}

/** A control frame's 125 bytes without the status code (RFC 6455 §5.5, §5.5.1). */
const longestReason = 123

function wrong(why: string): ServerInputError {
  return new ServerInputError('DRAIN', `The server cannot be drained so: ${why}.`)
}
