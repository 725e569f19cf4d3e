import type { CloseFrame, Closing, ClosingCause } from 'centouno/telling'
import type { Direction } from '../wire/tape.ts'

const abnormalClosure = 1006

/** Who sent FIN first, seen from the client. */
type FirstFin = 'local' | 'remote' | 'none'

/** Collects how a connection ends that passes by: as its client would tell it. */
export class EndOfConnection {
  readonly #closes: { sent: CloseFrame | undefined; received: CloseFrame | undefined } = {
    sent: undefined,
    received: undefined,
  }
  #first: Direction | undefined
  #cut: { readonly cause: ClosingCause; readonly error: Error | undefined } | undefined
  firstFin: FirstFin = 'none'

  /** A Close passed. Only the first of each side counts (RFC 6455 §5.5.1). */
  close(direction: Direction, frame: CloseFrame): void {
    this.#first ??= direction
    this.#closes[direction] ??= frame
  }

  /** A side sent FIN. */
  fin(direction: Direction): void {
    if (this.firstFin === 'none') this.firstFin = direction === 'sent' ? 'local' : 'remote'
    this.#end(direction, direction === 'sent' ? 'local-abort' : 'peer-fin', undefined)
  }

  /** The connection broke on the side whose stream this direction comes from. */
  broke(direction: Direction, error: Error | undefined): void {
    this.#end(direction, direction === 'sent' ? 'local-abort' : causeOf(error), error)
  }

  closing(): Closing {
    const { sent, received } = this.#closes
    const clean = sent !== undefined && received !== undefined
    const initiator = this.#first === 'received' ? 'remote' : 'local'
    // A server that said goodbye has said why, whether or not it was answered.
    const isToldGoodbye = clean || (received !== undefined && initiator === 'remote')
    return {
      code: received?.code ?? abnormalClosure,
      reason: received?.reason ?? '',
      clean,
      cause: isToldGoodbye ? 'closing-handshake' : (this.#cut?.cause ?? 'local-abort'),
      initiator,
      sent,
      received,
      violation: undefined,
      error: clean ? undefined : this.#cut?.error,
    }
  }

  #end(direction: Direction, cause: ClosingCause, error: Error | undefined): void {
    this.#first ??= direction
    this.#cut ??= { cause, error }
  }
}

function causeOf(error: Error | undefined): ClosingCause {
  if (error === undefined || !('code' in error)) return 'peer-reset'
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return 'peer-reset'
  return String(error.code).startsWith('ERR_SSL') ? 'tls-alert' : 'transport-error'
}
