import { totalmem } from 'node:os'
import { Roster } from './roster.ts'
import { SocketInputError } from './socket-errors.ts'

/** Whoever holds memory for a peer: one socket. */
export interface MemoryHolder {
  /** Bytes held: an incomplete message, messages that nobody has taken yet, and what waits to be sent. */
  readonly heldBytes: number
  /** Those of them that belong to a message which has not come to its end. */
  readonly incompleteBytes: number
  /** Those that wait to be sent. */
  readonly bufferedBytes: number
  /** Lets go of what can be let go of, and ends the connection. */
  giveUp(): void
}

/** The account of what all sockets of this process hold. */
export interface Memory {
  /**
   * Bytes that all sockets together may hold for their peers: incomplete messages, messages nobody has taken yet, and what
   * waits to be sent. Over it, the connection with the largest incomplete message is failed with 1013 (MEMORY_EXHAUSTED), then
   * the next, and then those for which the most waits to be sent.
   * Default: a quarter of the memory of the machine, or of its container. It may go beyond by a 64th, or 1 MiB.
   */
  limit: number
  /** Bytes held now; counted when it is asked for. */
  readonly held: number
}

/** Enough for the rest of the program, whatever peers do. */
const share = 0.25

/** Counting walks over all sockets; so much may come in or go out before it is done again. */
const leastStep = 1024 * 1024
const steps = 64

/**
 * Counts by walking over all sockets, each time after so many bytes have moved that the sum can have changed by much. So
 * nothing has to be booked when bytes come and go, and the account cannot drift.
 */
export class MemoryAccount implements Memory {
  readonly #holders = new Roster<MemoryHolder>()
  #limit: number
  #step: number
  #moved = 0

  constructor(limit: number) {
    this.#limit = limit
    this.#step = stepOf(limit)
  }

  get limit(): number {
    return this.#limit
  }

  set limit(bytes: number) {
    if (typeof bytes !== 'number' || !(bytes > 0)) {
      throw new SocketInputError(
        'MEMORY_LIMIT',
        `The limit memory.limit must be a number above zero, not ${String(bytes)}.`,
      )
    }
    this.#limit = bytes
    this.#step = stepOf(bytes)
  }

  get held(): number {
    let held = 0
    for (const holder of this.#holders) held += holder.heldBytes
    return held
  }

  add(holder: MemoryHolder): void {
    this.#holders.add(holder)
  }

  remove(holder: MemoryHolder): void {
    this.#holders.delete(holder)
  }

  /** So many bytes have come in or are going out. */
  moved(bytes: number): void {
    this.#moved += bytes
    if (this.#moved < this.#step) return
    this.#moved = 0
    this.#check()
  }

  #check(): void {
    let excess = this.held - this.#limit
    if (excess <= 0) return
    const holders = [...this.#holders].filter((holder) => holder.incompleteBytes + holder.bufferedBytes > 0)
    holders.sort((one, other) => other.incompleteBytes - one.incompleteBytes || other.bufferedBytes - one.bufferedBytes)
    for (const holder of holders) {
      if (excess <= 0) return
      const before = holder.heldBytes
      holder.giveUp()
      excess -= before - holder.heldBytes
    }
  }
}

/** Of this process; the sockets' side of it. */
export const processAccount: MemoryAccount = new MemoryAccount(Math.floor(ownMemory() * share))

/** Of this process. */
export const memory: Memory = processAccount

function stepOf(limit: number): number {
  return Math.max(leastStep, limit / steps)
}

/** What the process can have. A container's bound is 0, or beyond all measure, where there is none. */
function ownMemory(): number {
  const constrained = process.constrainedMemory()
  const total = totalmem()
  return constrained > 0 && constrained < total ? constrained : total
}
