import type { Transport, TransportListener } from '../../src/transport/transport.ts'

type Telling = 'received' | 'blocked' | 'drained' | 'ended' | 'failed' | 'closed'

/** Starts a transport and writes down what it tells; deliveries of bytes are in `bytes`, everything else in `told`. */
export class TransportLog implements TransportListener {
  readonly bytes: number[] = []
  readonly told: Telling[] = []
  deliveries = 0
  error: Error | undefined
  readonly #waiting = new Map<Telling, () => void>()

  constructor(transport: Transport) {
    transport.start(this)
  }

  /** Starts a transport whose tellings are of no interest. */
  static of(transport: Transport): TransportLog {
    return new TransportLog(transport)
  }

  /** Resolves when the telling has come. */
  until(telling: Telling): Promise<void> {
    if (this.told.includes(telling) || (telling === 'received' && this.deliveries > 0)) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.set(telling, resolve)
    })
  }

  received(bytes: Uint8Array): void {
    this.bytes.push(...bytes)
    this.deliveries += 1
    this.#waiting.get('received')?.()
  }

  blocked(): void {
    this.#tell('blocked')
  }

  drained(): void {
    this.#tell('drained')
  }

  ended(): void {
    this.#tell('ended')
  }

  failed(error: Error): void {
    this.error = error
    this.#tell('failed')
  }

  closed(): void {
    this.#tell('closed')
  }

  #tell(telling: Telling): void {
    this.told.push(telling)
    this.#waiting.get(telling)?.()
  }
}
