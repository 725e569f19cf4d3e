import type { ClientSocket } from '../client/client-socket.ts'

/** A Blob as far as sending it goes: the types of Node's Blob and the browser's differ in the rest. */
export interface BlobContent {
  readonly size: number
  arrayBuffer(): Promise<ArrayBuffer>
}

/** What is sent: text, bytes of our own, or a Blob that still has to be read. */
export type OutgoingData = string | Uint8Array | BlobContent

/** Sends in the order of the calls, also when a Blob among them takes its time to be read. */
export class Outgoing {
  readonly #socket: ClientSocket
  /** Steps that wait for a Blob before them; settled when there are none. */
  #tail: Promise<void> = Promise.resolve()
  #waiting = 0
  #waitingBytes = 0
  /** Payload bytes sent since the socket's queue was last seen empty: an upper bound without the framing. */
  #payloadBytes = 0

  constructor(socket: ClientSocket) {
    this.#socket = socket
  }

  /** Payload bytes that were sent and have not left yet. */
  get bytes(): number {
    const queued = this.#socket.bufferedBytes
    if (queued === 0) this.#payloadBytes = 0
    return this.#waitingBytes + Math.min(queued, this.#payloadBytes)
  }

  send(data: OutgoingData, size: number): void {
    if (this.#waiting === 0 && !isBlob(data)) {
      this.#transmit(data, size)
      return
    }
    this.#waitingBytes += size
    this.#later(async () => {
      const content = isBlob(data) ? new Uint8Array(await data.arrayBuffer()) : data
      // What can no longer be sent stays in the count, as the standard has it.
      if (this.#socket.state !== 'open') return
      this.#waitingBytes -= size
      this.#transmit(content, size)
    })
  }

  /** Begins the closing handshake after all that was sent before. */
  close(code: number | undefined, reason: string): void {
    if (this.#waiting === 0) void this.#socket.close(code, reason)
    else this.#later(() => void this.#socket.close(code, reason))
  }

  #transmit(content: string | Uint8Array, size: number): void {
    if (this.#socket.bufferedBytes === 0) this.#payloadBytes = 0
    this.#payloadBytes += size
    void this.#socket.send(content)
  }

  #later(step: () => void | Promise<void>): void {
    this.#waiting++
    this.#tail = this.#next(this.#tail, step)
  }

  async #next(before: Promise<void>, step: () => void | Promise<void>): Promise<void> {
    await before
    try {
      await step()
    } catch {
      // The file behind a Blob may be gone: a message that cannot be sent must not be passed over in silence.
      this.#socket.terminate()
    }
    this.#waiting--
  }
}

function isBlob(data: OutgoingData): data is BlobContent {
  return typeof data === 'object' && !(data instanceof Uint8Array)
}
