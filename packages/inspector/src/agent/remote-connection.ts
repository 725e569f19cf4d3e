import { connect, ConnectError } from 'centouno'
import type { ClientSocket, Closing } from 'centouno'
import type { AgentNews, ConnectOrder } from './agent-message.ts'
import { LoggedSocket } from '../conversation/logged-socket.ts'
import { LiveLadder } from '../ladder/live-ladder.ts'
import { MessageLog } from './message-log.ts'
import type { PageConnection } from './page-connection.ts'
import { routeOptions } from './route-settings.ts'
import { StepRun } from './step-run.ts'
import type { TellStep } from './step-run.ts'
import type { TroubleCode } from './troubles.ts'

/** Bytes of one message, and bytes that may wait to be sent: what one page may make the agent hold. */
export const messageBytes: number = 64 * 1024 * 1024

/** Takes news for the page; the promise resolves when it can take more. */
export type Tell = (news: AgentNews) => Promise<void>

const goingAway = 1001

/** One connection that was made for a page: the attempt, then the socket, and everything of it told as news. */
export class RemoteConnection implements PageConnection {
  /** Resolves when it is over, whichever way; never rejects. */
  readonly over: Promise<void>
  readonly #id: string
  readonly #tell: Tell
  readonly #free: () => void
  readonly #giveUp = new AbortController()
  readonly #log = new MessageLog(() => performance.now())
  #logged: LoggedSocket | undefined
  #steps: StepRun | undefined

  /** `free` is called just before the last news of this connection: from then on its id may be used again. */
  constructor(order: ConnectOrder, tell: Tell, free: () => void) {
    this.#id = order.id
    this.#tell = tell
    this.#free = free
    this.over = this.#live(order)
  }

  cancel(): void {
    this.#giveUp.abort()
  }

  terminate(): void {
    this.#giveUp.abort()
    this.#logged?.socket.terminate()
  }

  /** Ends it politely, or calls the attempt off. */
  leave(): void {
    this.#giveUp.abort()
    // Bounded by the socket's own close timeout.
    void this.#logged?.close(goingAway, 'the page has gone away')
  }

  /** @returns why it was not done, or undefined. */
  send(data: string | Uint8Array): TroubleCode | undefined {
    const logged = this.#open()
    if (logged === undefined) return 'NOT_OPEN'
    const size = typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength
    if (size > messageBytes) return 'MESSAGE_LIMIT'
    if (logged.socket.bufferedBytes > messageBytes) return 'SEND_LIMIT'
    // Not waited for: orders that end the connection must not stand behind a peer that does not read.
    void logged.send(data)
    this.#steps?.saidByHand()
    return undefined
  }

  /** @throws SocketInputError for more than 125 bytes. */
  ping(payload: Uint8Array): TroubleCode | undefined {
    const logged = this.#open()
    if (logged === undefined) return 'NOT_OPEN'
    void logged.ping(payload)
    return undefined
  }

  runSteps(lines: readonly string[]): TroubleCode | undefined {
    return this.#open() === undefined ? 'NOT_OPEN' : this.#steps?.begin(lines)
  }

  stopSteps(): void {
    this.#steps?.stop()
  }

  /** @throws SocketInputError for a code or a reason that must not be sent. */
  close(code: number | undefined, reason: string): TroubleCode | undefined {
    const logged = this.#open()
    if (logged === undefined) return 'NOT_OPEN'
    void logged.close(code, reason)
    return undefined
  }

  async #live(order: ConnectOrder): Promise<void> {
    const socket = await this.#establish(order)
    if (socket === undefined) return
    const id = this.#id
    void this.#tell({ news: 'report', id, report: socket.report })
    // The promise is handed on: a page that reads slowly slows down the peer, and nothing piles up in between.
    this.#logged = new LoggedSocket(socket, this.#log, (entry) => {
      this.#steps?.heard(entry)
      return this.#tell({ news: 'message', id, entry })
    })
    const tellStep: TellStep = (at, outcome) => void this.#tell({ news: 'step', id, at, outcome })
    this.#steps = new StepRun(this.#logged, tellStep, this.#giveUp.signal)
    if (this.#giveUp.signal.aborted) socket.terminate()
    this.#tellEnd(await this.#logged.over)
  }

  async #establish(order: ConnectOrder): Promise<ClientSocket | undefined> {
    const { id, url, fields, subprotocols, origin, compression, redirects } = order
    const ladder = new LiveLadder((rung) => void this.#tell({ news: 'rung', id, rung }))
    try {
      return await connect(url, {
        headers: fields,
        subprotocols,
        ...(origin === '' ? {} : { origin }),
        compression,
        redirects,
        ...routeOptions(order),
        limits: { messageBytes },
        signal: this.#giveUp.signal,
        observe: (change) => {
          void this.#tell({ news: 'change', id, change })
          ladder.change(change)
        },
        wire: ladder,
      })
    } catch (error) {
      this.#free()
      if (error instanceof ConnectError) {
        void this.#tell({ news: 'report', id, report: error.report })
      } else {
        const sentence = error instanceof Error ? error.message : String(error)
        void this.#tell({ news: 'trouble', id, code: 'UNEXPECTED', sentence })
      }
      return undefined
    }
  }

  #tellEnd({ error: _error, ...told }: Closing): void {
    this.#free()
    void this.#tell({ news: 'closed', id: this.#id, closing: told })
  }

  #open(): LoggedSocket | undefined {
    return this.#logged?.socket.state === 'open' ? this.#logged : undefined
  }
}
