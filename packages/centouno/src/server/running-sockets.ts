import { Roster } from '../socket/roster.ts'
import type { ServerSocket } from './server-socket.ts'

/** The sockets whose handlers have not all returned. A promise for each would be memory that nearly nobody waits on. */
export class RunningSockets {
  readonly #sockets = new Roster<ServerSocket>()
  readonly #waiting: (() => void)[] = []

  get size(): number {
    return this.#sockets.size
  }

  get all(): readonly ServerSocket[] {
    return this.#sockets.members
  }

  add(socket: ServerSocket): void {
    this.#sockets.add(socket)
  }

  /** The last handler of the socket has returned. */
  finish(socket: ServerSocket): void {
    this.#sockets.delete(socket)
    if (this.#sockets.size === 0) for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Resolves when there is none. */
  whenNone(): Promise<void> {
    if (this.#sockets.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }
}
