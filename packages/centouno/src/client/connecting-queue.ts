/** How many connections may be in the state CONNECTING at once (RFC 6455 §4.1). */
export interface ConnectingPolicy {
  /** At most one for each address and port; the others wait for their turn, in order (H-CON-01). Default false. */
  readonly onePerAddress?: boolean | undefined
  /** At most this many in all (H-CON-03). Default: no limit. */
  readonly atMost?: number | undefined
}

interface Turn {
  readonly keys: readonly string[]
  readonly atMost: number
  readonly begin: () => void
}

/**
 * Lets connections begin one after the other. Each names the places it goes to; it waits while another one that goes to
 * any of them is being established, and while there are too many. Those that came first go first, but a connection
 * nobody is in the way of need not wait for one that does.
 */
export class ConnectingQueue {
  readonly #held = new Set<string>()
  #connecting = 0
  #waiting: Turn[] = []

  /**
   * Calls `begin` when it is this connection's turn: at once, or later.
   *
   * @returns What ends the turn, or the waiting for it; a second call changes nothing.
   */
  enter(places: readonly string[], policy: ConnectingPolicy, begin: () => void): () => void {
    const keys = policy.onePerAddress === true ? places : []
    let begun = false
    const turn: Turn = {
      keys,
      atMost: policy.atMost ?? Number.POSITIVE_INFINITY,
      begin() {
        begun = true
        begin()
      },
    }
    this.#waiting.push(turn)
    this.#advance()
    let over = false
    return () => {
      if (over) return
      over = true
      if (begun) {
        this.#connecting--
        for (const key of keys) this.#held.delete(key)
      } else {
        this.#waiting = this.#waiting.filter((other) => other !== turn)
      }
      this.#advance()
    }
  }

  #advance(): void {
    const before = new Set(this.#held)
    const ready: Turn[] = []
    this.#waiting = this.#waiting.filter((turn) => {
      const blocked = this.#connecting >= turn.atMost || turn.keys.some((key) => before.has(key))
      for (const key of turn.keys) before.add(key)
      if (blocked) return true
      this.#connecting++
      for (const key of turn.keys) this.#held.add(key)
      ready.push(turn)
      return false
    })
    // Last: one that begins may end at once, and come back here.
    for (const turn of ready) turn.begin()
  }
}

/** The one queue of this process: what it limits is what this process does to others. */
export const connectingQueue: ConnectingQueue = new ConnectingQueue()
