import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { CodeDetails } from '../report/codes.ts'
import { codeRow } from '../report/codes.ts'
import type { ConnectionReport, ReportObserver, StageName } from '../report/connection-report.ts'
import { Recorder } from '../report/recorder.ts'
import type { StageWriter } from '../report/recorder.ts'
import { verdictOf } from '../report/verdict.ts'
import { ConnectError } from './connect-error.ts'
import { StageFailure, wordsOf } from './stage-failure.ts'
import { WireTelling } from './wire-observer.ts'
import type { WireObserver } from './wire-observer.ts'

/** What an attempt is begun with. */
export interface AttemptOptions {
  readonly url: string
  /** Milliseconds for all stages together, and for the attempts before this one. */
  readonly timeout: number
  /** How many of them are left; all, when there was no attempt before. */
  readonly timeLeft?: number
  readonly signal: AbortSignal | undefined
  readonly observe: ReportObserver | undefined
  readonly wire?: WireObserver | undefined
  /** Attempts that were redirected to this one. */
  readonly earlier?: readonly ConnectionReport[]
}

/** What one wait hands back: how to end it, and how to take its listeners off again. */
export type Wait<Value> = (resolve: (value: Value) => void, reject: (failure: StageFailure) => void) => () => void

const timeoutCodes: ReadonlyMap<StageName, string> = new Map([
  ['resolve', 'RESOLVE_TIMEOUT'],
  ['connect', 'CONNECT_TIMEOUT'],
  ['proxy', 'PROXY_TIMEOUT'],
  ['secure', 'SECURE_TIMEOUT'],
  ['upgrade', 'UPGRADE_TIMEOUT'],
])

/**
 * One attempt to establish a connection: its report, its one deadline, the caller's signal, and the streams it has
 * opened. Whatever ends it early ends the wait that is going on, and takes every stream with it.
 */
export class Attempt {
  readonly recorder: Recorder
  /** Is told the bytes of this attempt; undefined when nobody watches. */
  readonly wire: WireTelling | undefined
  /** The system's socket below a stream that is watched. */
  watchedSocket: Socket | undefined
  /** What every sentence of this attempt may name: url, host, port, address. */
  known: CodeDetails
  readonly #timeout: number
  readonly #signal: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout
  readonly #streams: Duplex[] = []
  readonly #whenOver: (() => void)[] = []
  readonly #onAbort = (): void => this.#stop('ABORTED', { reason: abortReason(this.#signal) })
  /** Set once the attempt is to end early; later waits fail at once. */
  #stopped: StageFailure | undefined
  #interrupt: ((failure: StageFailure) => void) | undefined

  constructor({ url, timeout, timeLeft = timeout, signal, observe, wire, earlier = [] }: AttemptOptions) {
    const began = performance.now()
    this.recorder = new Recorder({
      url,
      startedAt: new Date().toISOString(),
      now: () => Math.round((performance.now() - began) * 1000) / 1000,
      observe,
      earlier,
    })
    this.wire = wire === undefined ? undefined : new WireTelling(wire, () => this.recorder.now())
    this.known = { url }
    this.#timeout = timeout
    this.#signal = signal
    this.#timer = setTimeout(() => this.#stop(this.#timeoutCode(), {}), timeLeft)
    if (signal?.aborted === true) this.#onAbort()
    else signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** Walks one stage: records its beginning and its end, whichever way it ends. */
  async walk<Value>(name: StageName, stage: (writer: StageWriter) => Promise<Value>): Promise<Value> {
    const writer = this.recorder.begin(name)
    try {
      this.proceed()
      const value = await stage(writer)
      writer.end(true)
      return value
    } catch (error) {
      writer.end(false)
      throw error
    }
  }

  /** Throws when the attempt is to end early. */
  proceed(): void {
    if (this.#stopped !== undefined) throw this.#stopped
  }

  /**
   * Waits for events. `begin` adds listeners and returns what removes them; they are removed as soon as the wait is
   * over, whether it succeeded, failed or was interrupted.
   */
  wait<Value>(begin: Wait<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#stopped !== undefined) {
        reject(this.#stopped)
        return
      }
      let over = false
      let end = ignore
      const finish = (): void => {
        over = true
        this.#interrupt = undefined
        end()
      }
      const settle =
        <Argument>(then: (argument: Argument) => void) =>
        (argument: Argument): void => {
          if (over) return
          finish()
          then(argument)
        }
      this.#interrupt = settle(reject)
      end = begin(settle(resolve), settle(reject))
      // `begin` may have settled before it returned.
      if (over) end()
    })
  }

  /** Takes care of a stream: it cannot raise an uncaught error any more, and it is destroyed if the attempt fails. */
  own(stream: Duplex): void {
    stream.on('error', ignore)
    this.#streams.push(stream)
  }

  /** Has something done as soon as the attempt is over, whichever way it ends. */
  whenOver(action: () => void): void {
    this.#whenOver.push(action)
  }

  /** The attempt succeeded: nothing of it acts any longer. */
  succeed(details: CodeDetails): void {
    this.#finish()
    this.recorder.conclude(verdictOf('OPEN', { ...this.known, ...details }))
  }

  /** The server is reached, and what follows is timed and called off by somebody else. */
  handOver(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }

  /** Ends the attempt in failure and makes the error for it. */
  fail(error: unknown): ConnectError {
    const told = this.concludeFailed(error)
    this.destroy()
    return told
  }

  /** Destroys the streams of this attempt. */
  destroy(): void {
    destroyInwards(this.#streams)
  }

  /** The same as `fail` with the streams left as they are: a refusal may still be read from them. */
  concludeFailed(error: unknown): ConnectError {
    this.#finish()
    const reached = this.recorder.stage ?? 'resolve'
    const failure =
      error instanceof StageFailure ? error : new StageFailure('UNEXPECTED', { reason: wordsOf(error) }, error)
    const anywhere = failure.code === 'ABORTED' || failure.code === 'UNEXPECTED'
    const stage = anywhere ? reached : codeRow(failure.code).stage
    this.recorder.blame(stage)
    this.recorder.conclude(verdictOf(failure.code, { stage, ...this.known, ...failure.details }, stage))
    return new ConnectError(this.recorder.report(), failure.cause)
  }

  #finish(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    for (const action of this.#whenOver.splice(0)) action()
  }

  #stop(code: string, details: CodeDetails): void {
    if (this.#stopped !== undefined) return
    const cause = code === 'ABORTED' ? this.#signal?.reason : undefined
    this.#stopped = new StageFailure(code, { timeout: this.#timeout, ...details }, cause)
    this.#interrupt?.(this.#stopped)
  }

  #timeoutCode(): string {
    return timeoutCodes.get(this.recorder.stage ?? 'resolve') ?? 'UPGRADE_TIMEOUT'
  }
}

// The default reason, "This operation was aborted", only repeats the code.
function abortReason(signal: AbortSignal | undefined): string {
  const reason: unknown = signal?.reason
  if (reason === undefined || (reason instanceof DOMException && reason.name === 'AbortError')) return ''
  return wordsOf(reason)
}

/**
 * Destroys the outermost stream, and each inner one when what was around it is gone: Node 20 ends the process with a
 * segmentation fault when the socket below TLS is destroyed first.
 */
function destroyInwards(streams: readonly Duplex[]): void {
  const outer = streams.at(-1)
  if (outer === undefined) return
  const goOn = (): void => destroyInwards(streams.slice(0, -1))
  if (outer.closed) goOn()
  else outer.once('close', goOn)
  outer.destroy()
}

const ignore = (): void => {}
