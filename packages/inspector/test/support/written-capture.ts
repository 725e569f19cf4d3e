import { EventEmitter, once } from 'node:events'
import { CaptureError } from '../../src/capture/capture-error.ts'
import { openCapture } from '../../src/capture/open-capture.ts'
import { advanced, distance } from '../../src/tcp/sequence.ts'
import type { Segment } from '../../src/wire/segment.ts'

/** A capture that is being written. */
export class WrittenCapture {
  bytes: Uint8Array = new Uint8Array(0)
  readonly #written = new EventEmitter()

  add(chunk: Uint8Array): void {
    this.bytes = Buffer.concat([this.bytes, chunk])
    this.#written.emit('chunk')
  }

  /**
   * Waits for the end of the client's connection on this port: both FINs confirmed, or RST. Which segment is the last one
   * depends on how busy the machine is.
   */
  async untilEnd(port: number): Promise<void> {
    const deadline = AbortSignal.timeout(50_000)
    while (!this.#ended(port)) await once(this.#written, 'chunk', { signal: deadline })
  }

  #ended(port: number): boolean {
    try {
      const connection = openCapture(this.bytes).connections.find(({ client }) => client.port === port)
      return connection !== undefined && isOver(connection.segments)
    } catch (error) {
      if (error instanceof CaptureError) return false
      throw error
    }
  }
}

function isOver(segments: readonly Segment[]): boolean {
  if (segments.some(({ flags }) => flags.includes('RST'))) return true
  return (['sent', 'received'] as const).every((direction) => {
    const fin = segments.find((segment) => segment.direction === direction && segment.flags.includes('FIN'))
    if (fin?.sequence === undefined) return false
    const confirmed = advanced(fin.sequence, fin.payloadBytes + 1)
    return segments.some(
      ({ direction: other, flags, acknowledgement = 0 }) =>
        other !== direction && flags.includes('ACK') && distance(confirmed, acknowledgement) >= 0,
    )
  })
}
