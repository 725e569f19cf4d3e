/** A message as the application gets it: text as a string, binary as bytes. */
export type Message = string | Uint8Array

// What an entry costs besides its content, so that a flood of empty messages counts for what it holds.
const entryBytes = 64

/** Messages that have arrived and that nobody has taken yet, in order, with an account of what they hold. */
export class Inbox {
  #messages: Message[] = []
  #next = 0
  #heldBytes = 0

  /** Bytes held: content (two per UTF-16 unit of text, the most it can take) and a fixed part for each message. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  get length(): number {
    return this.#messages.length - this.#next
  }

  push(message: Message): void {
    this.#messages.push(message)
    this.#heldBytes += cost(message)
  }

  /** Takes the oldest message; undefined when there is none. */
  shift(): Message | undefined {
    const message = this.#messages[this.#next]
    if (message === undefined) return undefined
    this.#messages[this.#next] = ''
    this.#next += 1
    this.#heldBytes -= cost(message)
    if (this.#next === this.#messages.length) {
      this.#messages = []
      this.#next = 0
    }
    return message
  }

  clear(): void {
    this.#messages = []
    this.#next = 0
    this.#heldBytes = 0
  }
}

function cost(message: Message): number {
  return entryBytes + (typeof message === 'string' ? message.length * 2 : message.byteLength)
}
