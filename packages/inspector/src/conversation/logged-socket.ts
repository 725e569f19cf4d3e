import type { ClientSocket, Closing } from 'centouno'
import type { LogEntry } from '../agent/agent-message.ts'
import type { MessageLog } from '../agent/message-log.ts'

/** Is told each line of the log. While its promise is pending, nothing more is read from the peer. */
export type LogListener = (entry: LogEntry) => void | Promise<void>

// RFC 6455 §7.1.5: 1005 stands for a Close without a code.
const noCode = 1005

/** An open socket whose every message, Ping, Pong and Close is told as a line of a log, in the order in which they went. */
export class LoggedSocket {
  /** Resolves when the connection is over and its log complete; never rejects. */
  readonly over: Promise<Closing>
  readonly socket: ClientSocket
  readonly #log: MessageLog
  readonly #tell: LogListener
  #closeTold = false

  constructor(socket: ClientSocket, log: MessageLog, tell: LogListener) {
    this.socket = socket
    this.#log = log
    this.#tell = tell
    // A little later: what came with the 101 must not be told before whoever makes this has it in hand.
    this.over = Promise.resolve().then(() => this.#consume())
  }

  /** Resolves when the socket can take more; rejects as `Socket.send` does. */
  send(data: string | Uint8Array): Promise<void> {
    const sent = this.socket.send(data)
    if (this.socket.state === 'open') void this.#tell(this.#log.message('sent', data))
    return sent
  }

  /** Resolves with the round trip in milliseconds. */
  ping(payload: Uint8Array): Promise<number> {
    const answered = this.socket.ping(payload)
    if (this.socket.state === 'open') void this.#tell(this.#log.control('sent', 'ping', payload))
    return answered
  }

  pong(payload: Uint8Array): void {
    this.socket.pong(payload)
    if (this.socket.state === 'open') void this.#tell(this.#log.control('sent', 'pong', payload))
  }

  /** @throws SendError for a code or a reason that must not be sent. */
  close(code: number | undefined, reason: string): Promise<Closing> {
    const open = this.socket.state === 'open'
    void this.socket.close(code, reason)
    if (open) this.#tellClose(code, reason)
    return this.over
  }

  #consume(): Promise<Closing> {
    return new Promise((resolve) => {
      this.socket.consume({
        message: (data) => this.#tell(this.#log.message('received', data)),
        ping: (payload) => {
          void this.#tell(this.#log.control('received', 'ping', payload))
          void this.#tell(this.#log.control('sent', 'pong', payload))
        },
        pong: (payload) => void this.#tell(this.#log.control('received', 'pong', payload)),
        closed: (closing) => {
          this.#tellEnd(closing)
          resolve(closing)
        },
      })
    })
  }

  #tellEnd({ sent, received, initiator }: Closing): void {
    // The Close that answers another is sent by the engine; the order of the two is the order in which they went.
    if (initiator === 'local' && sent !== undefined) this.#tellClose(frameCode(sent.code), sent.reason)
    if (received !== undefined) void this.#tell(this.#log.close('received', frameCode(received.code), received.reason))
    if (sent !== undefined) this.#tellClose(frameCode(sent.code), sent.reason)
  }

  #tellClose(code: number | undefined, reason: string): void {
    if (this.#closeTold) return
    this.#closeTold = true
    void this.#tell(this.#log.close('sent', code, reason))
  }
}

function frameCode(code: number): number | undefined {
  return code === noCode ? undefined : code
}
