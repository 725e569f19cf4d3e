import type { EventEmitter } from 'node:events'

/** The events of Node's sockets that the stages wait for. */
export interface StreamEvents {
  data?(chunk: Uint8Array): void
  end?(): void
  error?(error: Error): void
  close?(): void
  connect?(): void
  secureConnect?(): void
  connectionAttempt?(address: string): void
  connectionAttemptFailed?(address: string, port: number, family: number, error: Error): void
  connectionAttemptTimeout?(address: string): void
}

/** Adds listeners; what it returns removes them again. */
export function onEvents(stream: EventEmitter, events: StreamEvents): () => void {
  const listeners = Object.entries(events)
  for (const [name, listener] of listeners) stream.on(name, listener)
  return () => {
    for (const [name, listener] of listeners) stream.off(name, listener)
  }
}
