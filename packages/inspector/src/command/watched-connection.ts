import { setTimeout as wait } from 'node:timers/promises'
import type { ConnectOptions, WireObserver } from 'centouno'
import type { ConnectionReport, RequestHead, ResponseHead } from 'centouno/telling'
import { MessageLog } from '../agent/message-log.ts'
import type { LiveCapture } from '../capture/live-capture.ts'
import type { HeadPlace } from '../http/head-rung.ts'
import { isUpgrade } from '../http/upgrade-request.ts'
import { LiveLadder } from '../ladder/live-ladder.ts'
import type { LadderWatcher } from '../ladder/ladder-builder.ts'
import { ConnectionRecording } from '../session-file/connection-recording.ts'
import { keptHeads } from '../session-file/kept-heads.ts'
import type { RecordedConnection } from '../session-file/recorded-connection.ts'
import type { ToldClosing } from '../telling/dialogue-goodbye.ts'

export interface WatchOptions {
  readonly url: string
  /** Whether the ladder is wanted. It costs: every byte is looked at. Default true. */
  readonly withLadder?: boolean
  /** Keeps the secrets of the heads. */
  readonly withSecrets: boolean
  readonly capture?: LiveCapture | undefined
  /** Takes the lines of the key log. */
  readonly keyLog?: ((line: string) => void) | undefined
}

/** How long the last segments may take after the socket has closed. */
const lastSegments = 1_000

/** Everything of one connection of this process, from its attempt to its end, kept to be told and recorded. */
export class WatchedConnection {
  /** Counts from the beginning of the attempt. */
  readonly log: MessageLog = new MessageLog(() => performance.now())
  readonly recording: ConnectionRecording = new ConnectionRecording()
  readonly #options: WatchOptions
  readonly #heads = new UpgradeHeads()
  readonly #ladder: LiveLadder | undefined
  #open = 0
  #closed: () => void = () => {}
  #ended: { readonly report: ConnectionReport; readonly closing: ToldClosing | undefined } | undefined

  constructor(options: WatchOptions) {
    this.#options = options
    const { withLadder = true, withSecrets, capture } = options
    const watcher = withSecrets ? this.#heads : undefined
    if (withLadder) this.#ladder = new LiveLadder(this.recording.rung, capture, { watcher, withSecrets })
  }

  /** What `connect` is to be given. */
  get connectOptions(): Pick<ConnectOptions, 'wire' | 'observe'> {
    const ladder = this.#ladder
    return ladder === undefined ? {} : { wire: this.#wire(ladder), observe: (change) => ladder.change(change) }
  }

  /** It is over, or never opened. */
  end(report: ConnectionReport, closing?: ToldClosing): void {
    this.#ended = { report, closing }
  }

  /** Resolves once the last of it was seen. `end` must have been called. */
  async recorded(): Promise<RecordedConnection> {
    if (this.#ended === undefined) throw new Error('The connection is not over yet.')
    const { report, closing } = this.#ended
    await this.#untilTold()
    const { asked, answer } = this.#heads
    const told =
      this.#options.withSecrets && asked !== undefined ? keptHeads(report, this.#options.url, asked, answer) : report
    return this.recording.finish(told, closing)
  }

  async #untilTold(): Promise<void> {
    const enough = new AbortController()
    const closed = this.#open === 0 ? undefined : new Promise<void>((resolve) => (this.#closed = resolve))
    const late = wait(lastSegments, undefined, { signal: enough.signal }).catch(() => {})
    await Promise.race([Promise.all([closed, this.#ladder?.told]), late])
    enough.abort()
  }

  #wire(ladder: LiveLadder): WireObserver {
    return {
      connected: (ends, atMs) => {
        this.#open += 1
        this.log.align(atMs)
        ladder.connected(ends, atMs)
      },
      bytes: (direction, bytes, atMs) => ladder.bytes(direction, bytes, atMs),
      ended: (direction, atMs) => ladder.ended(direction, atMs),
      failed: (error, atMs) => ladder.failed(error, atMs),
      closed: (atMs) => {
        ladder.closed(atMs)
        this.#open -= 1
        if (this.#open === 0) this.#closed()
      },
      keyLog: (line) => {
        ladder.keyLog(line)
        this.#options.keyLog?.(line)
      },
    }
  }
}

/** The heads of the last opening handshake, as they crossed. */
class UpgradeHeads implements LadderWatcher {
  asked: RequestHead | undefined
  answer: ResponseHead | undefined

  request(head: RequestHead): void {
    if (!isUpgrade(head)) return
    this.asked = head
    this.answer = undefined
  }

  response(head: ResponseHead, { layer }: HeadPlace): void {
    if (layer !== 'proxy') this.answer = head
  }

  body(): void {
    // The report has it.
  }

  message(): void {
    // Messages are told by who sends and receives them.
  }
}
