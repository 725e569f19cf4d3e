import type { SocketData } from '../../socket/socket-arguments.ts'
import { readData } from '../../socket/socket-arguments.ts'
import { SocketClosedError } from '../../socket/socket-errors.ts'
import type { Message } from '../../socket/inbox.ts'
import { handled } from '../../socket/handled.ts'
import type { Clock } from '../../transport/clock.ts'
import { systemClock } from '../../transport/clock.ts'
import type { ClientSocket } from '../client-socket.ts'
import type { ConnectOptions } from '../connect-options.ts'
import { isFinal, nextTry } from './reconnect-decision.ts'
import type { ConnectionEnd } from './reconnect-decision.ts'
import { defaultReconnectDelays, draw } from './reconnect-delays.ts'
import type { ReconnectDelays } from './reconnect-delays.ts'
import { NotConnectedError, ReconnectStoppedError } from './reconnect-errors.ts'
import type { ReconnectState } from './reconnect-errors.ts'
import type { ReconnectEvent, ReconnectOptions, ReconnectOutcome, ReconnectUrl } from './reconnect-options.ts'

/** Makes one connection. */
export type Dial = (url: string | URL, options: ConnectOptions) => Promise<ClientSocket>

// Unlike those of a socket, this wait has to keep the process alive: nothing else does while it is not connected.
const waitingClock: Clock = { ...systemClock, set: (delay, wake, ...rest) => setTimeout(wake, delay, ...rest) }
/** What a timer of Node can wait for. */
const longestTimer = 0x7fff_ffff

/** Stays connected: when a connection ends or an attempt fails it tries again, after a delay. Made by `reconnecting()`. */
export class ReconnectingSocket implements AsyncDisposable {
  /** Resolves when there will be no further attempt, with why. Never rejects. */
  readonly stopped: Promise<ReconnectOutcome>
  readonly #url: ReconnectUrl
  readonly #options: ReconnectOptions
  readonly #dial: Dial
  readonly #delays: ReconnectDelays
  readonly #clock: Clock
  readonly #abort = new AbortController()
  readonly #onAbort = (): void => void this.close(1001)
  #state: ReconnectState = 'connecting'
  #socket: ClientSocket | undefined
  #outcome: ReconnectOutcome | undefined
  /** Those who wait for a connection, or for the word that none will come. */
  #waiting: (() => void)[] = []
  /** The connections each loop over the messages has still to read. */
  readonly #unread = new Set<ClientSocket[]>()
  #endPause: (() => void) | undefined

  constructor(url: ReconnectUrl, options: ReconnectOptions, dial: Dial) {
    this.#url = url
    this.#options = options
    this.#dial = dial
    this.#delays = { ...defaultReconnectDelays, ...options.delays }
    this.#clock = options.clock ?? waitingClock
    const { signal } = options
    if (signal?.aborted === true) this.#abort.abort(signal.reason)
    else signal?.addEventListener('abort', this.#onAbort, { once: true })
    this.stopped = this.#run()
  }

  get state(): ReconnectState {
    return this.#state
  }

  /** The open connection, if there is one. */
  get socket(): ClientSocket | undefined {
    return this.#socket
  }

  /** Resolves with the open connection, or the next one. Rejects with ReconnectStoppedError (handled) if none will come. */
  opened(): Promise<ClientSocket> {
    return handled(this.#opened())
  }

  /**
   * Sends one message over the open connection; see `Socket.send`. While there is none it rejects with NotConnectedError
   * (handled): nothing is kept for later, since only the caller knows what is still worth sending then, and nothing is
   * lost without a word.
   *
   * @throws SocketInputError (`DATA_TYPE`) at once, for anything that is no string, ArrayBuffer or view of one.
   */
  send(data: SocketData): Promise<void> {
    if (this.#socket !== undefined) return this.#socket.send(data)
    readData(data)
    return handled(Promise.reject(new NotConnectedError(this.#state)))
  }

  /**
   * Ends it for good: the wait, the attempt, or the open connection, with a closing handshake. Resolves like `stopped`.
   *
   * @throws SendError at once, for a code or a reason that must not be sent.
   */
  close(code: number = 1000, reason: string = ''): Promise<ReconnectOutcome> {
    void this.#socket?.close(code, reason)
    this.#abort.abort()
    this.#endPause?.()
    return this.stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /**
   * The messages of this connection and of those that follow, read only as fast as the loop takes them. It ends when it
   * was closed here or with 1000, and throws ReconnectStoppedError when it stopped otherwise. One loop at a time; a
   * connection that is consumed in another way cannot be iterated.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void, undefined> {
    const unread = this.#socket === undefined ? [] : [this.#socket]
    this.#unread.add(unread)
    try {
      for (;;) {
        const socket = unread.shift()
        if (socket !== undefined) yield* messagesOf(socket)
        else if (this.#outcome === undefined) await this.#news()
        else if (this.#outcome.why === 'closed') return
        else throw new ReconnectStoppedError(this.#outcome)
      }
    } finally {
      this.#unread.delete(unread)
    }
  }

  async #opened(): Promise<ClientSocket> {
    for (;;) {
      if (this.#socket?.state === 'open') return this.#socket
      if (this.#outcome !== undefined) throw new ReconnectStoppedError(this.#outcome)
      await this.#news()
    }
  }

  async #run(): Promise<ReconnectOutcome> {
    // A moment later, so that nobody is told anything before it has the object.
    await Promise.resolve()
    let failures = 0
    for (let attempt = 1; ; attempt++) {
      if (this.#abort.signal.aborted) return this.#stop('closed', undefined)
      const { end, lasted } = await this.#once(attempt)
      if (this.#abort.signal.aborted) return this.#stop('closed', end)
      failures = lasted >= this.#delays.settled ? 1 : failures + 1
      if (!this.#retries(end)) return this.#stop(isDone(end) ? 'closed' : 'final', end)
      if (failures > (this.#options.maxFailures ?? Number.POSITIVE_INFINITY)) return this.#stop('attempts', end)
      await this.#pause(end, failures)
    }
  }

  /** One connection from beginning to end. */
  async #once(attempt: number): Promise<{ end: ConnectionEnd; lasted: number }> {
    this.#state = 'connecting'
    let socket: ClientSocket
    try {
      socket = await this.#connect()
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      this.#tell({ kind: 'failed', attempt, error })
      return { end: { kind: 'failed', error }, lasted: -1 }
    }
    const openedAt = this.#clock.now()
    this.#socket = socket
    this.#state = 'open'
    for (const unread of this.#unread) unread.push(socket)
    this.#tell({ kind: 'open', attempt, socket, report: socket.report })
    this.#wake()
    const closing = await socket.closed
    this.#socket = undefined
    this.#tell({ kind: 'lost', attempt, closing, report: socket.report })
    return { end: { kind: 'closed', closing }, lasted: this.#clock.now() - openedAt }
  }

  async #connect(): Promise<ClientSocket> {
    const url = typeof this.#url === 'function' ? await this.#url() : this.#url
    const given = this.#options.connect
    const options = typeof given === 'function' ? await given() : given
    const own = this.#abort.signal
    const signal = options?.signal === undefined ? own : AbortSignal.any([own, options.signal])
    return this.#dial(url, { explainSilence: false, ...options, signal })
  }

  #retries(end: ConnectionEnd): boolean {
    const byDefault = !isFinal(end)
    try {
      return this.#options.retries?.(end, byDefault) ?? byDefault
    } catch {
      // There is no caller to throw at.
      return byDefault
    }
  }

  async #pause(end: ConnectionEnd, failures: number): Promise<void> {
    const { delay: range, why } = nextTry(end, { failures, delays: this.#delays, now: Date.now() })
    const delay = Math.min(longestTimer, draw(range, this.#options.random ?? Math.random))
    this.#state = 'waiting'
    this.#tell({ kind: 'waiting', delay, why, failures })
    // Whoever was told may have closed it.
    if (this.#abort.signal.aborted) return
    let timer: unknown
    await new Promise<void>((resolve) => {
      this.#endPause = resolve
      timer = this.#clock.set(delay, resolve)
    })
    this.#clock.clear(timer)
    this.#endPause = undefined
  }

  #stop(why: ReconnectOutcome['why'], end: ConnectionEnd | undefined): ReconnectOutcome {
    const outcome: ReconnectOutcome = { why, end }
    this.#outcome = outcome
    this.#state = 'stopped'
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    this.#tell({ kind: 'stopped', outcome })
    this.#wake()
    return outcome
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  #tell(event: ReconnectEvent): void {
    try {
      this.#options.watch?.(event)
    } catch {
      // Watching must not change what is watched.
    }
  }
}

/** However the connection ends, the loop goes on with the next. */
async function* messagesOf(socket: ClientSocket): AsyncGenerator<Message, void, undefined> {
  try {
    yield* socket
  } catch (error) {
    if (!(error instanceof SocketClosedError)) throw error
  }
}

const normalClosure = 1000

/** Whether an end that is for good was a normal one. */
function isDone(end: ConnectionEnd): boolean {
  if (end.kind === 'failed') return false
  return end.closing.sent?.code === normalClosure || end.closing.received?.code === normalClosure
}
