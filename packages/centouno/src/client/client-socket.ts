import { Socket } from '../socket/socket.ts'
import type { SocketOptions } from '../socket/socket.ts'
import type { Closing } from '../protocol/connection/closing.ts'
import type { ConnectionReport } from '../report/connection-report.ts'
import type { EndWatch } from './end-watch.ts'

/** The client's end of an open connection: a {@link Socket} that knows how it came about. */
export class ClientSocket extends Socket {
  /** The values of `Set-Cookie` in the 101: there is no cookie jar here, so keeping them is the caller's (H-RES-16). */
  readonly cookies: readonly string[]
  readonly #watch: EndWatch

  /** Made by `connect()`. */
  constructor(options: Omit<SocketOptions, 'role'>, watch: EndWatch, cookies: readonly string[]) {
    super({ role: 'client', ...options, transport: watch.over(options.transport) })
    this.#watch = watch
    this.cookies = cookies
    watch.follow(this)
  }

  /**
   * Every stage of this connection with its time, the request, the reply and the rules that were judged. A snapshot:
   * read it again after the socket has closed, and it has the stages `close` and `disconnect` as well.
   */
  get report(): ConnectionReport {
    return this.#watch.recorder.report()
  }

  override close(code?: number, reason: string = ''): Promise<Closing> {
    const closed = super.close(code, reason)
    this.#watch.look()
    return closed
  }

  override terminate(): void {
    super.terminate()
    this.#watch.look()
  }
}
