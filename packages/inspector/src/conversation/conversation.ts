import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { LogEntry } from '../agent/agent-message.ts'
import { ExpectationError } from './expectation-error.ts'
import type { LoggedSocket } from './logged-socket.ts'
import type { Step } from './step.ts'

/** Messages that an `/expect` may still look at: those that came since the last one was met. */
const heardAtMost = 10_000

/** Carries out steps on an open connection, one after another, and remembers what was heard for the `/expect`s among them. */
export class Conversation {
  readonly #socket: LoggedSocket
  /** Milliseconds an `/expect` waits. */
  readonly #patience: number
  readonly #signal: AbortSignal
  #heard: string[] = []
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
    this.#heard.push(entry.kind === 'text' ? entry.data : Buffer.from(entry.data, 'base64').toString('hex'))
    if (this.#heard.length > heardAtMost) this.#heard.shift()
    this.#wake?.()
  }

  /**
   * Carries out one step. Resolves when the next one may be taken: with the round trip after a Ping.
   *
   * @throws ExpectationError when what is expected does not come; what the socket throws for what must not be sent; an
   *   error of the file system.
   */
  async take(step: Exclude<Step, { kind: 'report' | 'dialogue' | 'help' }>): Promise<number | undefined> {
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
        await this.#expect(step.told, step.matches)
        return undefined
      case 'wait':
        await this.#wait(step.milliseconds)
        return undefined
    }
  }

  /** A connection that is over ends it: there is nothing left to wait for. */
  async #wait(milliseconds: number): Promise<void> {
    const ended = new AbortController()
    const signal = AbortSignal.any([ended.signal, this.#signal])
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

  async #expect(told: string, matches: (message: string) => boolean): Promise<void> {
    let late = false
    const timer = setTimeout(() => {
      late = true
      this.#wake?.()
    }, this.#patience)
    try {
      for (;;) {
        const place = this.#heard.findIndex(matches)
        if (place >= 0) {
          this.#heard = this.#heard.slice(place + 1)
          return
        }
        if (this.#over) throw new ExpectationError('EXPECTED_BEFORE_END', { told })
        if (late) throw new ExpectationError('EXPECTED_IN_TIME', { told, patience: String(this.#patience) })
        this.#signal.throwIfAborted()
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    } finally {
      clearTimeout(timer)
    }
  }
}
