import type { IncomingStream } from './incoming-stream.ts'
import { Queue } from './queue.ts'

/** A message as the application gets it: text as a string, binary as bytes. */
export type Message = string | Uint8Array

/** What arrives: a whole message, or one that goes on arriving. */
export type Incoming = Message | IncomingStream

/*
 * What an entry costs besides its content, so that a flood of empty messages counts for what it holds. Measured with
 * 400,000 of them in an inbox, after collection, on Node 20 to 26: a text holds 12 to 36 bytes of heap, bytes 196 to 236
 * (their array, their buffer, their place in the queue). From 64 bytes on, the memory of a buffer lies outside the heap,
 * where what manages it adds as much again, which only the resident memory shows: 460 to 660 bytes above the content.
 */
const textOverhead = 64
const bytesOverhead = 512
// A stream is some objects more; what it holds of its message, it accounts for itself.
const streamOverhead = 512

/** Messages that have arrived and that nobody has taken yet, in order, with an account of what they hold. */
export class Inbox {
  readonly #messages = new Queue<Incoming>()
  #heldBytes = 0

  /** Bytes held: content (two per UTF-16 unit of text, the most it can take) and a fixed part for each message. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  get length(): number {
    return this.#messages.length
  }

  push(message: Incoming): void {
    this.#messages.push(message)
    this.#heldBytes += cost(message)
  }

  /** Takes the oldest message; undefined when there is none. */
  shift(): Incoming | undefined {
    const message = this.#messages.shift()
    if (message !== undefined) this.#heldBytes -= cost(message)
    return message
  }

  clear(): void {
    for (const message of this.#messages.takeAll()) {
      if (!isWhole(message)) message.discard()
    }
    this.#heldBytes = 0
  }
}

function cost(message: Incoming): number {
  return isWhole(message) ? messageCost(message) : streamOverhead
}

export function isWhole(message: Incoming): message is Message {
  return typeof message === 'string' || message instanceof Uint8Array
}

/** Bytes that a message in a queue holds. */
export function messageCost(message: Message): number {
  return typeof message === 'string' ? textOverhead + message.length * 2 : bytesOverhead + message.byteLength
}
