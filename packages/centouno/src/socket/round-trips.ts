interface Waiting {
  readonly payload: Uint8Array
  readonly sentAt: number
  readonly resolve: (roundTrip: number) => void
  readonly reject: (error: Error) => void
}

const counterBytes = 4

/** Pings that wait for their Pong. A Pong answers its Ping and every earlier one (RFC 6455 §5.5.3). */
export class RoundTrips {
  #waiting: Waiting[] = []
  #counter = 0

  /** A payload no other Ping of this socket has carried lately, for callers who have none of their own. */
  nextPayload(): Uint8Array {
    this.#counter = (this.#counter + 1) >>> 0
    const payload = new Uint8Array(counterBytes)
    new DataView(payload.buffer).setUint32(0, this.#counter)
    return payload
  }

  begin(payload: Uint8Array, sentAt: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ payload, sentAt, resolve, reject })
    })
  }

  /** A Pong came. One that fits no Ping is a heartbeat of the peer's own (RFC 6455 §5.5.3) and ends nothing. */
  answer(payload: Uint8Array, now: number): void {
    const index = this.#waiting.findLastIndex((waiting) => equal(waiting.payload, payload))
    for (const waiting of this.#waiting.splice(0, index + 1)) waiting.resolve(now - waiting.sentAt)
  }

  /** The error is made only for those who wait. */
  end(error: () => Error): void {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error())
  }
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
