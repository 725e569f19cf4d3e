import type { Closing } from '../protocol/connection/closing.ts'
import { closingCode } from '../report/closing-text.ts'
import { Traffic } from '../socket/traffic.ts'
import type { Admission } from './admission.ts'
import type { ServerSocket } from './server-socket.ts'

/** Counters of a server since it began, and what it holds now. A snapshot of plain numbers. */
export interface ServerStats {
  /** Sockets that are open or closing now. */
  readonly sockets: number
  /** Handshakes that are neither open nor refused yet. */
  readonly handshakes: number
  /** Refused clients that have not gone yet. */
  readonly lingering: number
  /** Bytes that wait in all sockets for their peers to read. */
  readonly queuedBytes: number
  /** Handshakes that led to an open socket. */
  readonly accepted: number
  /** Handshakes that were refused, by code: a rule's id, or a code such as `SERVER_FULL`. */
  readonly refused: Readonly<Record<string, number>>
  /** Those of the refused that were cut off without an answer: see the limit `lingering`. */
  readonly cut: number
  /** Sockets that have ended, by the code of their end. */
  readonly closed: Readonly<Record<string, number>>
  readonly messagesReceived: number
  readonly messagesSent: number
  /** Bytes after the opening handshake, framing included. */
  readonly bytesReceived: number
  readonly bytesSent: number
}

/** Counts what becomes of handshakes and sockets. Codes come from our own tables, so that no peer can make keys. */
export class Counters {
  readonly traffic: Traffic = new Traffic()
  accepted = 0
  cut = 0
  readonly #refused = new Map<string, number>()
  readonly #closed = new Map<string, number>()

  refused(code: string): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1)
  }

  /** How many were refused with a code. */
  refusedWith(code: string): number {
    return this.#refused.get(code) ?? 0
  }

  closed(closing: Closing): void {
    const code = closingCode(closing)
    this.#closed.set(code, (this.#closed.get(code) ?? 0) + 1)
  }

  snapshot(sockets: ReadonlySet<ServerSocket>, admission: Admission): ServerStats {
    const { messagesReceived, messagesSent, bytesReceived, bytesSent } = this.traffic
    let queuedBytes = 0
    for (const socket of sockets) queuedBytes += socket.bufferedBytes
    return {
      sockets: sockets.size,
      handshakes: admission.handshakes,
      lingering: admission.lingering,
      queuedBytes,
      accepted: this.accepted,
      refused: Object.fromEntries(this.#refused),
      cut: this.cut,
      closed: Object.fromEntries(this.#closed),
      messagesReceived,
      messagesSent,
      bytesReceived,
      bytesSent,
    }
  }
}
