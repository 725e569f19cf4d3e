import { Buffer } from 'node:buffer'

// A line of SSLKEYLOGFILE: label, client random, secret.
const line = /^([A-Z0-9_]+) ([0-9a-fA-F]{64}) ([0-9a-fA-F]{2,256})$/

/**
 * The secrets of TLS connections, in the lines of SSLKEYLOGFILE (RFC 9850). It may grow while connections are being read:
 * records whose key is still to come wait for it, until the log is complete.
 *
 * Nothing in here is ever told: only what it opens.
 */
export class KeyLog {
  readonly #secrets = new Map<string, Uint8Array>()
  readonly #readers = new Set<() => void>()
  #complete = false

  /** Nothing more will be added: what has no key will have none. */
  get complete(): boolean {
    return this.#complete
  }

  /** Takes a line; comments and what is no line of a key log count for nothing. */
  add(text: string): void {
    if (this.#take(text)) this.#tell()
  }

  /** Takes a file. */
  addFile(text: string): void {
    let grown = false
    for (const each of text.split(/\r?\n/)) grown = this.#take(each) || grown
    if (grown) this.#tell()
  }

  finish(): void {
    this.#complete = true
    this.#tell()
  }

  find(label: string, clientRandom: Uint8Array): Uint8Array | undefined {
    return this.#secrets.get(place(label, Buffer.from(clientRandom).toString('hex')))
  }

  /** Calls back when there are more secrets, or no more will come; what it returns ends that. */
  onGrowth(reader: () => void): () => void {
    this.#readers.add(reader)
    return () => this.#readers.delete(reader)
  }

  #take(text: string): boolean {
    const [, label, random, secret] = line.exec(text.trim()) ?? []
    if (label === undefined || random === undefined || secret === undefined) return false
    this.#secrets.set(place(label, random.toLowerCase()), Buffer.from(secret, 'hex'))
    return true
  }

  #tell(): void {
    for (const reader of this.#readers) reader()
  }
}

function place(label: string, random: string): string {
  return `${label} ${random}`
}
