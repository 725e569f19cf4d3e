import { EventEmitter, once } from 'node:events'
import { CaptureError } from '../../src/capture/capture-error.ts'
import { openCapture } from '../../src/capture/open-capture.ts'

/** A capture that is being written. */
export class WrittenCapture {
  bytes: Uint8Array = new Uint8Array(0)
  readonly #written = new EventEmitter()

  add(chunk: Uint8Array): void {
    this.bytes = Buffer.concat([this.bytes, chunk])
    this.#written.emit('chunk')
  }

  /** Waits for the last segment of the client on this port: the confirmation of the second FIN. */
  async untilEnd(port: number): Promise<void> {
    const deadline = AbortSignal.timeout(50_000)
    while (!this.#ended(port)) await once(this.#written, 'chunk', { signal: deadline })
  }

  #ended(port: number): boolean {
    try {
      const connection = openCapture(this.bytes).connections.find(({ client }) => client.port === port)
      return connection?.end === 'both-finished' && connection.segments.at(-1)?.flags.join() === 'ACK'
    } catch (error) {
      if (error instanceof CaptureError) return false
      throw error
    }
  }
}
