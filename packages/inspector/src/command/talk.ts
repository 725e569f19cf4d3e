import { connect, ConnectError } from 'centouno'
import type { ClientSocket, Closing, ConnectOptions } from 'centouno'
import type { Language } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import { MessageLog } from '../agent/message-log.ts'
import { Conversation } from '../conversation/conversation.ts'
import { ExpectationError } from '../conversation/expectation-error.ts'
import { LoggedSocket } from '../conversation/logged-socket.ts'
import { stepCommands } from '../conversation/step.ts'
import type { Step } from '../conversation/step.ts'
import { StepError } from '../conversation/step-error.ts'
import { openLine } from '../telling/open-line.ts'
import { endLines, reportText, verdictLines } from '../telling/report-text.ts'
import { span } from '../telling/styled-line.ts'
import type { StyledLine } from '../telling/styled-line.ts'
import type { WatchedConnection } from './watched-connection.ts'

/** Exit codes of the commands that talk. */
export const exitCodes = {
  /** It opened, everything was done and came as expected, and both sides said goodbye. */
  ended: 0,
  notOpen: 1,
  /** What was to be done cannot be read. */
  unusable: 2,
  stepFailed: 3,
  /** It ended otherwise than by a closing handshake. */
  cut: 4,
} as const

/** Where a talk tells what happens. */
export interface TalkOutput {
  entry(entry: LogEntry): void
  /** What is not part of the messages. */
  remark(line: StyledLine): void
}

export interface TalkOptions {
  readonly language: Language
  /** Milliseconds an `/expect` waits. */
  readonly patience: number
  /** Keeps everything. */
  readonly watched?: WatchedConnection | undefined
}

const normalClosure = 1000

/** One connection that is talked over, step by step, with everything told. */
export class Talk {
  readonly socket: LoggedSocket
  readonly #conversation: Conversation
  readonly #output: TalkOutput
  readonly #language: Language
  readonly #watched: WatchedConnection | undefined

  /** Connects. Resolves with undefined when it did not open, which has been told then. */
  static async begin(
    url: string,
    connectOptions: ConnectOptions,
    options: TalkOptions,
    output: TalkOutput,
    signal: AbortSignal,
  ): Promise<Talk | undefined> {
    const log = options.watched?.log ?? new MessageLog(() => performance.now())
    try {
      const socket = await connect(url, { ...connectOptions, ...options.watched?.connectOptions, signal })
      output.remark(openLine(socket.report, socket.extensions, socket.subprotocol, options.language))
      return new Talk(socket, log, options, output, signal)
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error
      options.watched?.end(error.report)
      for (const line of verdictLines(error.report, options.language)) output.remark(line)
      return undefined
    }
  }

  private constructor(
    socket: ClientSocket,
    log: MessageLog,
    options: TalkOptions,
    output: TalkOutput,
    signal: AbortSignal,
  ) {
    this.#output = output
    this.#language = options.language
    this.#watched = options.watched
    this.socket = new LoggedSocket(socket, log, (entry) => {
      output.entry(entry)
      this.#watched?.recording.message(entry)
      this.#conversation.heard(entry)
    })
    this.#conversation = new Conversation(this.socket, options.patience, signal)
    void this.#closeWhenAsked(signal)
  }

  /** Politely, bounded by the socket's own close timeout. Once it is over, the signal is left alone: others share it. */
  async #closeWhenAsked(signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const close = (): void => void this.socket.close(normalClosure, '')
    signal.addEventListener('abort', close, { once: true, signal: over.signal })
    await this.socket.over
    over.abort()
  }

  /** Carries out a step and tells what it gave. What cannot be carried out is told, too, and gives false. */
  async take(step: Step): Promise<boolean> {
    try {
      switch (step.kind) {
        case 'help':
          for (const { usage, text } of stepCommands) this.#remark(`  ${usage.padEnd(24)} ${text[this.#language]}`)
          return true
        case 'report':
        case 'dialogue':
          this.#tellReport(step.kind === 'dialogue')
          return true
        default: {
          const roundTrip = await this.#conversation.take(step)
          if (roundTrip !== undefined) this.#remark(`  ${roundTrip.toFixed(2)} ms`)
          return true
        }
      }
    } catch (error) {
      this.complain(error)
      return false
    }
  }

  complain(error: unknown): void {
    const told = error instanceof ExpectationError || error instanceof StepError
    const sentence = told ? error.text[this.#language] : error instanceof Error ? error.message : String(error)
    this.#output.remark([span('✗ ', 'bad'), span(sentence)])
  }

  /** Closes unless that has been done, tells how it ended, and resolves with the exit code. */
  async end(): Promise<number> {
    return this.exitCode(await this.socket.close(normalClosure, ''))
  }

  /** Tells how it ended. */
  exitCode(closing: Closing): number {
    const { error: _error, ...told } = closing
    this.#watched?.end(this.socket.socket.report, told)
    for (const line of endLines(closing, this.#language)) this.#output.remark(line)
    return closing.clean ? exitCodes.ended : exitCodes.cut
  }

  #tellReport(withDialogue: boolean): void {
    const lines = reportText(this.socket.socket.report, { language: this.#language, withDialogue })
    for (const line of lines) this.#output.remark(line)
  }

  #remark(text: string): void {
    this.#output.remark([span(text, 'faint')])
  }
}
