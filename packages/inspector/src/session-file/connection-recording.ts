import type { ConnectionReport } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import type { ToldClosing } from '../telling/dialogue-goodbye.ts'
import type { Rung } from '../wire/rung.ts'
import { recordedCharacters, recordedMessages, recordedRungs } from './recorded-connection.ts'
import type { RecordedConnection } from './recorded-connection.ts'

/** Keeps what is told of one connection while it goes on, up to a bound; what comes after it is counted. */
export class ConnectionRecording {
  readonly #rungs: Rung[] = []
  readonly #messages: LogEntry[] = []
  #characters = 0
  #omittedRungs = 0
  #omittedMessages = 0

  readonly rung = (rung: Rung): void => {
    if (this.#rungs.length < recordedRungs) this.#rungs.push(rung)
    else this.#omittedRungs += 1
  }

  readonly message = (entry: LogEntry): void => {
    // What follows a message that was left out would be told as if it followed the one before.
    const fits = this.#omittedMessages === 0 && this.#characters + entry.data.length <= recordedCharacters
    if (!fits || this.#messages.length >= recordedMessages) {
      this.#omittedMessages += 1
      return
    }
    this.#characters += entry.data.length
    this.#messages.push(entry)
  }

  /** The rungs that were kept so far. */
  get rungs(): readonly Rung[] {
    return this.#rungs
  }

  /** All that was kept, with how it went. */
  finish(report: ConnectionReport, closing: ToldClosing | undefined): RecordedConnection {
    return {
      report,
      rungs: [...this.#rungs],
      omittedRungs: this.#omittedRungs,
      messages: [...this.#messages],
      omittedMessages: this.#omittedMessages,
      closing: closing ?? null,
    }
  }
}
