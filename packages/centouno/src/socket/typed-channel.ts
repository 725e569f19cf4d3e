import { channel, type Channel } from 'node:diagnostics_channel'

/**
 * A channel of `node:diagnostics_channel` that carries one kind of message. Ask `observed` first: what nobody listens to
 * is not worth building.
 */
export class TypedChannel<Message extends object> {
  readonly #channel: Channel

  constructor(name: string) {
    this.#channel = channel(name)
  }

  get observed(): boolean {
    return this.#channel.hasSubscribers
  }

  /** Builds the message and publishes it. Failing to build it harms nobody but the subscribers. */
  publish(build: () => Message): void {
    if (!this.#channel.hasSubscribers) return
    try {
      this.#channel.publish(build())
    } catch (error) {
      process.emitWarning(error instanceof Error ? (error.stack ?? error.message) : String(error), {
        type: 'WebSocketDiagnosticsWarning',
        code: 'CENTOUNO_DIAGNOSTICS_FAILED',
        detail: `A message for the channel ${String(this.#channel.name)} could not be built. The connection is not affected.`,
      })
    }
  }
}
