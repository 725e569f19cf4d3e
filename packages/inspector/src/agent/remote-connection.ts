import { connect, ConnectError } from 'centouno'
import type { ClientSocket, Closing } from 'centouno'
import type { AgentNews, ConnectOrder } from './agent-message.ts'
import { LiveLadder } from '../ladder/live-ladder.ts'
import { MessageLog } from './message-log.ts'
import type { TroubleCode } from './troubles.ts'

/** Bytes of one message, and bytes that may wait to be sent: what one page may make the agent hold. */
export const messageBytes: number = 64 * 1024 * 1024

/** Takes news for the page; the promise resolves when it can take more. */
export type Tell = (news: AgentNews) => Promise<void>

const goingAway = 1001

/** One connection that was made for a page: the attempt, then the socket, and everything of it told as news. */
export class RemoteConnection {
  /** Resolves when it is over, whichever way; never rejects. */
  readonly over: Promise<void>
  readonly #id: string
  readonly #tell: Tell
  readonly #free: () => void
  readonly #giveUp = new AbortController()
  readonly #log = new MessageLog(() => performance.now())
  #socket: ClientSocket | undefined
  #closeTold = false

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
    this.#socket?.terminate()
  }

  /** Ends it politely, or calls the attempt off. */
  leave(): void {
    this.#giveUp.abort()
    // Bounded by the socket's own close timeout.
    void this.#socket?.close(goingAway, 'the page has gone away')
  }

  /** @returns why it was not done, or undefined. */
  send(data: string | Uint8Array): TroubleCode | undefined {
    const socket = this.#open()
    if (socket === undefined) return 'NOT_OPEN'
    const size = typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength
    if (size > messageBytes) return 'MESSAGE_LIMIT'
    if (socket.bufferedBytes > messageBytes) return 'SEND_LIMIT'
    // Not waited for: orders that end the connection must not stand behind a peer that does not read.
    void socket.send(data)
    this.#tellEntry(this.#log.message('sent', data))
    return undefined
  }

  /** @throws SocketInputError for more than 125 bytes. */
  ping(payload: Uint8Array): TroubleCode | undefined {
    const socket = this.#open()
    if (socket === undefined) return 'NOT_OPEN'
    void socket.ping(payload)
    this.#tellEntry(this.#log.control('sent', 'ping', payload))
    return undefined
  }

  /** @throws SocketInputError for a code or a reason that must not be sent. */
  close(code: number | undefined, reason: string): TroubleCode | undefined {
    const socket = this.#open()
    if (socket === undefined) return 'NOT_OPEN'
    void socket.close(code, reason)
    this.#tellClose(code, reason)
    return undefined
  }

  async #live(order: ConnectOrder): Promise<void> {
    const socket = await this.#establish(order)
    if (socket === undefined) return
    this.#socket = socket
    void this.#tell({ news: 'report', id: this.#id, report: socket.report })
    if (this.#giveUp.signal.aborted) socket.terminate()
    await this.#consume(socket)
  }

  async #establish(order: ConnectOrder): Promise<ClientSocket | undefined> {
    const { id, url, fields, subprotocols, origin, skipVerification } = order
    const ladder = new LiveLadder((rung) => void this.#tell({ news: 'rung', id, rung }))
    try {
      return await connect(url, {
        headers: fields,
        subprotocols,
        ...(origin === '' ? {} : { origin }),
        ...(skipVerification ? { tls: { rejectUnauthorized: false } } : {}),
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

  #consume(socket: ClientSocket): Promise<void> {
    return new Promise((resolve) => {
      socket.consume({
        // The promise is handed back: a page that reads slowly slows down the peer, and nothing piles up in between.
        message: (data) => this.#tellEntry(this.#log.message('received', data)),
        ping: (payload) => {
          void this.#tellEntry(this.#log.control('received', 'ping', payload))
          void this.#tellEntry(this.#log.control('sent', 'pong', payload))
        },
        pong: (payload) => void this.#tellEntry(this.#log.control('received', 'pong', payload)),
        closed: (closing) => {
          this.#tellEnd(closing)
          resolve()
        },
      })
    })
  }

  #tellEnd(closing: Closing): void {
    const { error: _error, ...told } = closing
    const { sent, received } = closing
    // The Close that answers another is sent by the engine; the order of the two is the order in which they went.
    if (closing.initiator === 'local' && sent !== undefined) this.#tellClose(frameCode(sent.code), sent.reason)
    if (received !== undefined) {
      void this.#tellEntry(this.#log.close('received', frameCode(received.code), received.reason))
    }
    if (sent !== undefined) this.#tellClose(frameCode(sent.code), sent.reason)
    this.#free()
    void this.#tell({ news: 'closed', id: this.#id, closing: told })
  }

  #tellClose(code: number | undefined, reason: string): void {
    if (this.#closeTold) return
    this.#closeTold = true
    void this.#tellEntry(this.#log.close('sent', code, reason))
  }

  #tellEntry(entry: ReturnType<MessageLog['message']>): Promise<void> {
    return this.#tell({ news: 'message', id: this.#id, entry })
  }

  #open(): ClientSocket | undefined {
    return this.#socket?.state === 'open' ? this.#socket : undefined
  }
}

// RFC 6455 §7.1.5: 1005 stands for a Close without a code.
const noCode = 1005

function frameCode(code: number): number | undefined {
  return code === noCode ? undefined : code
}
