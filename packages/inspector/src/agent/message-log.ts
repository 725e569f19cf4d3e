import type { LogEntry } from './agent-message.ts'

/** Makes the lines of one connection's log; times are counted from when it was made, or as it was aligned. */
export class MessageLog {
  readonly #now: () => number
  #began: number

  constructor(now: () => number) {
    this.#now = now
    this.#began = now()
  }

  /** Counts so that it is `atMs` now: as another clock of the same attempt does. */
  align(atMs: number): void {
    this.#began = this.#now() - atMs
  }

  message(direction: LogEntry['direction'], data: string | Uint8Array): LogEntry {
    return typeof data === 'string'
      ? this.#entry(direction, 'text', data, Buffer.byteLength(data))
      : this.#entry(direction, 'binary', base64(data), data.byteLength)
  }

  control(direction: LogEntry['direction'], kind: 'ping' | 'pong', payload: Uint8Array): LogEntry {
    return this.#entry(direction, kind, base64(payload), payload.byteLength)
  }

  /** `code` is undefined when the Close was empty. */
  close(direction: LogEntry['direction'], code: number | undefined, reason: string): LogEntry {
    const bytes = code === undefined ? 0 : closeCodeBytes + Buffer.byteLength(reason)
    const entry = this.#entry(direction, 'close', reason, bytes)
    return code === undefined ? entry : { ...entry, code }
  }

  #entry(direction: LogEntry['direction'], kind: LogEntry['kind'], data: string, bytes: number): LogEntry {
    return { direction, kind, data, bytes, atMs: Math.round((this.#now() - this.#began) * 1000) / 1000 }
  }
}

const closeCodeBytes = 2

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
