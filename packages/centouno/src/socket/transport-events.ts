import type { TransportListener } from '../transport/transport.ts'

/** Whoever joins a connection to a transport. */
export interface TransportUser {
  receive(bytes: Uint8Array): void
  outputBlocked(): void
  outputDrained(): void
  transportEnded(): void
  transportFailed(error: Error): void
  transportClosed(): void
}

/** Brings a transport's events to its user. */
export class TransportEvents implements TransportListener {
  readonly #user: TransportUser

  constructor(user: TransportUser) {
    this.#user = user
  }

  received(bytes: Uint8Array): void {
    this.#user.receive(bytes)
  }

  blocked(): void {
    this.#user.outputBlocked()
  }

  drained(): void {
    this.#user.outputDrained()
  }

  ended(): void {
    this.#user.transportEnded()
  }

  failed(error: Error): void {
    this.#user.transportFailed(error)
  }

  closed(): void {
    this.#user.transportClosed()
  }
}
