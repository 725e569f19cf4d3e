import { fillText } from 'centouno/telling'
import type { Text } from 'centouno/telling'
import { Conversation } from '../conversation/conversation.ts'
import { ExpectationError } from '../conversation/expectation-error.ts'
import type { LoggedSocket } from '../conversation/logged-socket.ts'
import { readSteps } from '../conversation/step.ts'
import type { Step } from '../conversation/step.ts'
import type { LogEntry, StepOutcome } from './agent-message.ts'
import type { TroubleCode } from './troubles.ts'

/** Milliseconds an `/expect` waits: as long as `centouno run` does by default. */
const patience = 10_000

const words = {
  late: {
    en: 'Within {patience} ms no message came that matches {told}. The messages show what came instead.',
    zh: '{patience} 毫秒内没有收到匹配 {told} 的消息。实际收到的内容见消息列表。',
  },
  noFiles: {
    en: 'The page opens no files by their path. Send it with “File …”, or carry the steps out with `centouno run`.',
    zh: '页面不能按路径打开文件。请用“文件……”发送，或用 `centouno run` 运行这些步骤。',
  },
} as const satisfies Record<string, Text>

/** Tells what came of a step, by its place. */
export type TellStep = (at: number, outcome: StepOutcome) => void

/** Carries out, on a connection of a page, the steps of a saved conversation. */
export class StepRun {
  readonly #conversation: Conversation
  readonly #tell: TellStep
  readonly #signal: AbortSignal
  #stop: AbortController | undefined
  #saidByHand = false

  constructor(socket: LoggedSocket, tell: TellStep, signal: AbortSignal) {
    this.#conversation = new Conversation(socket, patience, signal)
    this.#tell = tell
    this.#signal = signal
  }

  /** To be called with each line of the log. */
  heard(entry: LogEntry): void {
    this.#conversation.heard(entry)
  }

  /** Something was sent that is no step: what came until the next run is not what its steps expect. */
  saidByHand(): void {
    this.#saidByHand = true
  }

  /**
   * Begins; stops at the first step that fails.
   *
   * @throws StepError when a line cannot be read: then nothing is done.
   */
  begin(lines: readonly string[]): TroubleCode | undefined {
    if (this.#stop !== undefined) return 'STEPS_GOING'
    const steps = readSteps(lines)
    if (this.#saidByHand) this.#conversation.forget()
    this.#saidByHand = false
    const stop = new AbortController()
    this.#stop = stop
    void this.#carryOut(steps, stop.signal)
    return undefined
  }

  stop(): void {
    this.#stop?.abort()
  }

  async #carryOut(steps: readonly Step[], stop: AbortSignal): Promise<void> {
    for (const [at, step] of steps.entries()) {
      this.#tell(at, { kind: 'going' })
      const outcome = await this.#take(step, stop)
      // Before the last is told: whoever hears of it may begin anew.
      if (outcome.kind !== 'done' || at === steps.length - 1) this.#stop = undefined
      this.#tell(at, outcome)
      if (outcome.kind !== 'done') return
    }
    this.#stop = undefined
  }

  async #take(step: Step, stop: AbortSignal): Promise<StepOutcome> {
    switch (step.kind) {
      // All of them are in sight anyway.
      case 'report':
      case 'dialogue':
      case 'help':
        return { kind: 'done' }
      // Else whoever can write into the page could read what its user can.
      case 'file':
        return { kind: 'failed', text: words.noFiles }
      default:
    }
    try {
      const roundTripMs = await untilStopped(this.#conversation.take(step, stop), stop)
      return roundTripMs === undefined ? { kind: 'done' } : { kind: 'done', roundTripMs }
    } catch (error) {
      return stop.aborted || this.#signal.aborted ? { kind: 'stopped' } : { kind: 'failed', text: textOf(error) }
    }
  }
}

/** A peer that takes nothing, or answers no Ping, holds nobody who wants to stop. */
async function untilStopped<Value>(taken: Promise<Value>, stop: AbortSignal): Promise<Value> {
  stop.throwIfAborted()
  const done = new AbortController()
  const stopped = new Promise<never>((_resolve, reject) => {
    stop.addEventListener('abort', () => reject(new Error('stopped')), { once: true, signal: done.signal })
  })
  try {
    return await Promise.race([taken, stopped])
  } finally {
    done.abort()
  }
}

function textOf(error: unknown): Text {
  if (error instanceof ExpectationError) {
    const { code, text, details } = error
    return code === 'EXPECTED_IN_TIME' ? fillText(words.late, details) : text
  }
  const sentence = error instanceof Error ? error.message : String(error)
  return { en: sentence, zh: sentence }
}
