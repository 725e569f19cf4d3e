import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { LogEntry } from '../agent/agent-message.ts'
import { ExpectationError } from './expectation-error.ts'
import type { LoggedSocket } from './logged-socket.ts'
import type { Step } from './step.ts'

/** What an `/expect` may still look at of the messages that came since the last one was met: so many, of so many characters. */
const heardAtMost = { messages: 10_000, characters: 16 * 1024 * 1024 }

/** Carries out steps on an open connection, one after another, and remembers what was heard for the `/expect`s among them. */
export class Conversation {
  readonly #socket: LoggedSocket
  /** Milliseconds an `/expect` waits. */
  readonly #patience: number
  readonly #signal: AbortSignal
  #heard: string[] = []
  #heardCharacters = 0
  #wake: (() => void) | undefined
  #over = false

  constructor(socket: LoggedSocket, patience: number, signal: AbortSignal) {
    this.#socket = socket
    this.#patience = patience
    this.#signal = signal
    void this.#watchEnd()
  }

  /** To be called with each line of the socket's log. */
  heard(entry: LogEntry): void {
    if (entry.direction !== 'received' || (entry.kind !== 'text' && entry.kind !== 'binary')) return
    const message = entry.kind === 'text' ? entry.data : Buffer.from(entry.data, 'base64').toString('hex')
    this.#heard.push(message)
    this.#heardCharacters += message.length
    // The newest is always there, however long.
    while (this.#heard.length > 1 && this.#hasTooMuch()) this.#heardCharacters -= this.#heard.shift()?.length ?? 0
    this.#wake?.()
  }

  /** What was heard until now is none of what will be expected. */
  forget(): void {
    this.#keepFrom(this.#heard.length)
  }

  /**
   * Carries out one step. Resolves when the next one may be taken: with the round trip after a Ping.
   *
   * @param stop ends what waits: a wait at once, an expectation with the signal's reason
   * @throws ExpectationError when what is expected does not come; what the socket throws for what must not be sent; an
   *   error of the file system.
   */
  async take(
    step: Exclude<Step, { kind: 'report' | 'dialogue' | 'help' }>,
    stop: AbortSignal = this.#signal,
  ): Promise<number | undefined> {
    switch (step.kind) {
      case 'text':
      case 'binary':
        await this.#socket.send(step.data)
        return undefined
      case 'file':
        await this.#socket.send(await readFile(step.path))
        return undefined
      case 'ping':
        return this.#socket.ping(Buffer.from(step.data))
      case 'pong':
        this.#socket.pong(Buffer.from(step.data))
        return undefined
      case 'close':
        await this.#socket.close(step.code, step.reason)
        return undefined
      case 'terminate':
        this.#socket.socket.terminate()
        await this.#socket.over
        return undefined
      case 'expect':
        await this.#expect(step.told, step.matches, stop)
        return undefined
      case 'wait':
        await this.#wait(step.milliseconds, stop)
        return undefined
    }
  }

  /** A connection that is over ends it: there is nothing left to wait for. */
  async #wait(milliseconds: number, stop: AbortSignal): Promise<void> {
    const ended = new AbortController()
    const signal = AbortSignal.any([ended.signal, this.#signal, stop])
    await Promise.race([wait(milliseconds, undefined, { signal }).catch(() => {}), this.#socket.over])
    ended.abort()
  }

  async #watchEnd(): Promise<void> {
    const over = new AbortController()
    this.#signal.addEventListener('abort', () => this.#wake?.(), { once: true, signal: over.signal })
    await this.#socket.over
    over.abort()
    this.#over = true
    this.#wake?.()
  }

  async #expect(told: string, matches: (message: string) => boolean, stop: AbortSignal): Promise<void> {
    let late = false
    const timer = setTimeout(() => {
      late = true
      this.#wake?.()
    }, this.#patience)
    const met = new AbortController()
    stop.addEventListener('abort', () => this.#wake?.(), { once: true, signal: met.signal })
    try {
      for (;;) {
        const place = this.#heard.findIndex(matches)
        if (place >= 0) {
          this.#keepFrom(place + 1)
          return
        }
        if (this.#over) throw new ExpectationError('EXPECTED_BEFORE_END', { told })
        if (late) throw new ExpectationError('EXPECTED_IN_TIME', { told, patience: String(this.#patience) })
        this.#signal.throwIfAborted()
        stop.throwIfAborted()
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    } finally {
      clearTimeout(timer)
      met.abort()
    }
  }

  #hasTooMuch(): boolean {
    return this.#heard.length > heardAtMost.messages || this.#heardCharacters > heardAtMost.characters
  }

  #keepFrom(place: number): void {
    this.#heard = this.#heard.slice(place)
    this.#heardCharacters = this.#heard.reduce((sum, message) => sum + message.length, 0)
  }
}
