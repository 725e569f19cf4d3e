import type { ServerSocket } from 'centouno'
import type { Behaviour } from './behaviour.ts'

const second = 1000

/** Pushes the time, unasked: once at the beginning, then every second, to all at once. Runs only while somebody listens. */
export class Clock implements Behaviour {
  readonly #listeners = new Set<ServerSocket>()
  #timer: NodeJS.Timeout | undefined

  open(socket: ServerSocket): void {
    this.#listeners.add(socket)
    this.#timer ??= setInterval(() => this.#tick(), second)
    void socket.send(now())
  }

  close(socket: ServerSocket): void {
    this.#listeners.delete(socket)
    if (this.#listeners.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    const time = now()
    for (const listener of this.#listeners) {
      // Who has not read the last one yet does not need the next.
      if (listener.bufferedBytes === 0) void listener.send(time)
    }
  }
}

function now(): string {
  return new Date().toISOString()
}
