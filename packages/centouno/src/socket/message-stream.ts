import { ReadableStream } from 'node:stream/web'
import { decodeValidUtf8 } from '../protocol/message/utf8.ts'
import type { IncomingStream } from './incoming-stream.ts'
import { StreamError } from './socket-errors.ts'

/**
 * A message that is read while it arrives: by iteration, as a `ReadableStream`, or collected by `text()` or `bytes()`.
 * It can be read once. Reading as slowly as one likes is safe: the peer feels it through TCP.
 *
 * Reading throws SocketClosedError when the connection ends before the message does, and StreamError
 * (`STREAM_DISCARDED`) when the rest was thrown away: because its handler was done before anybody began to read, because
 * the next message was asked for, or because an earlier loop was left.
 */
export class MessageStream implements AsyncIterable<Uint8Array> {
  /** Whether it is UTF-8. That is checked as it comes: a fault ends the connection, and the reading with it. */
  readonly kind: 'text' | 'binary'
  readonly #source: IncomingStream
  readonly #limit: number
  #stream: ReadableStream<Uint8Array> | undefined

  constructor(kind: 'text' | 'binary', source: IncomingStream, limit: number) {
    this.kind = kind
    this.#source = source
    this.#limit = limit
  }

  /** Its bytes as a web stream. Cancelling it throws the rest of the message away. */
  get stream(): ReadableStream<Uint8Array> {
    this.#stream ??= new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const { done, value } = await this.#source.next()
          if (done === true) controller.close()
          else controller.enqueue(value)
        },
        cancel: () => this.#source.discard(),
      },
      // Nothing is read ahead: the engine holds what waits, and accounts for it.
      { highWaterMark: 0 },
    )
    return this.#stream
  }

  /** Its bytes in pieces, cut anywhere, also within a character. Leaving the loop throws the rest of the message away. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array, undefined> {
    const source = this.#source
    return {
      next: () => source.next(),
      return: () => {
        source.discard()
        return Promise.resolve({ done: true, value: undefined })
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  /**
   * All of it as text.
   *
   * @param limit bytes to take at most; by default the limit `messageBytes` of the socket
   * @throws StreamError (`STREAM_OVER_LIMIT`) for a longer one, the rest of which is thrown away; (`STREAM_NOT_TEXT`) for
   *   a binary message
   */
  async text(limit: number = this.#limit): Promise<string> {
    if (this.kind === 'binary') throw new StreamError('STREAM_NOT_TEXT')
    return decodeValidUtf8(await this.bytes(limit))
  }

  /** All of it as bytes. Limit and errors are as for `text()`. */
  async bytes(limit: number = this.#limit): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    let length = 0
    for await (const piece of this) {
      length += piece.length
      if (length > limit) throw new StreamError('STREAM_OVER_LIMIT')
      pieces.push(piece)
    }
    const bytes = new Uint8Array(length)
    let at = 0
    for (const piece of pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  }
}
