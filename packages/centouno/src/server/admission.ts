import type { Duplex } from 'node:stream'
import type { Refusal } from '../protocol/handshake/judgement.ts'
import type { RefusalCode } from '../report/code-rows/refusals.ts'
import { Roster } from '../socket/roster.ts'
import { whenClosed } from '../transport/stream-ends.ts'
import type { ClientAddresses } from './client-address.ts'
import type { AdmissionLimits } from './server-limits.ts'

/** A limit that has been reached, by its name. */
export interface ReachedLimit {
  readonly code: Extract<RefusalCode, 'SERVER_FULL' | 'SERVER_FULL_FOR_ADDRESS' | 'SERVER_HANDSHAKES_FULL'>
  readonly limit: keyof AdmissionLimits
  readonly value: number
}

/** Answers a handshake with a refusal before its time. */
export type TurnAway = (refusal: Refusal) => void

/** How far a connection has come: its request is being read, it is being decided on, or refused and not gone yet. */
type Phase = 'request' | 'decision' | 'linger'

interface Visitor {
  readonly stream: Duplex
  phase: Phase
  /** Undefined where the address says nothing about who it is. */
  readonly key: string | undefined
  turnAway: TurnAway | undefined
}

/** Who is here from one address; and what a stream knows once it is open, of which nothing else matters any more. */
interface Tally {
  readonly phase: 'open'
  readonly key: string | undefined
  connections: number
  handshakes: number
}

/** What a stream knows of itself. */
type Mark = Visitor | Tally

type Marked = Duplex & { [admission: symbol]: Mark | undefined }

/**
 * Counts who is here, in all and by address, and says who may come in. It is asked when a connection is accepted, before
 * a byte of it is read, so that turning one away costs next to nothing.
 */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #addresses: ClientAddresses
  /** Those who are not open: of the others, which may be many, only the number matters. */
  readonly #visitors = new Roster<Visitor>()
  /** Those whose request is not complete, the oldest first. */
  readonly #requests = new Roster<Visitor>()
  /** A stream knows its visitor, or its tally: a map of all of them keeps remains of those who have gone (see Roster). */
  readonly #mark = Symbol('mark')
  readonly #tallies = new Map<string, Tally>()
  readonly #total: Tally = newTally(undefined)
  #lingering = 0
  /** One for all streams, which are many. */
  readonly #closed: (stream: Duplex) => void

  constructor(limits: AdmissionLimits, addresses: ClientAddresses) {
    this.#limits = limits
    this.#addresses = addresses
    this.#closed = (stream) => this.#remove(stream)
  }

  /** Open sockets and handshakes. */
  get connections(): number {
    return this.#total.connections
  }

  /** Handshakes that are neither open nor refused. */
  get handshakes(): number {
    return this.#total.handshakes
  }

  /** Refused clients that have not gone yet. */
  get lingering(): number {
    return this.#lingering
  }

  /**
   * Lets a connection in, until its stream closes; or says which limit keeps it out. `full` refuses the oldest handshake
   * in its favour, where that is the way.
   */
  enter(
    stream: Duplex,
    remoteAddress: string | undefined,
    full: (limit: ReachedLimit) => Refusal,
  ): ReachedLimit | undefined {
    const key = this.#addresses.key(remoteAddress)
    const reached = this.#reached(key) ?? this.#makeRoom(full)
    if (reached) return reached
    this.#add({ stream, phase: 'request', key, turnAway: undefined })
    return undefined
  }

  /** The same connection goes on as another stream: TLS over the TCP that was let in, or not. */
  handOver(from: Duplex, to: Duplex): void {
    const visitor = this.#markOf(from)
    if (!visitor) return
    this.#remove(from)
    // One that was not let in will be counted when it is refused.
    if (!undecided(visitor)) return
    const { phase, key } = visitor
    this.#add({ stream: to, phase, key, turnAway: undefined })
  }

  /** Its request is being read; it can be refused like that before it has come. */
  reads(stream: Duplex, turnAway: TurnAway): void {
    const visitor = this.#markOf(stream)
    if (visitor && undecided(visitor)) visitor.turnAway = turnAway
  }

  /** Its request has been read, and it is being decided on; it can be refused like that before its time. */
  decides(stream: Duplex, turnAway: TurnAway): void {
    const visitor = this.#markOf(stream)
    if (!visitor || !undecided(visitor)) return
    visitor.phase = 'decision'
    visitor.turnAway = turnAway
    this.#requests.delete(visitor)
  }

  /** True when the handshake is still to be answered; then it is taken to be answered with the 101. */
  open(stream: Duplex): boolean {
    const visitor = this.#markOf(stream)
    if (!visitor || stream.destroyed || !undecided(visitor)) return false
    this.#decided(visitor)
    this.#visitors.delete(visitor)
    ;(stream as Marked)[this.#mark] = this.#tallyOf(visitor.key)
    return true
  }

  /**
   * Takes a connection to be refused, whether it was let in or not. `late`: it has been answered, or is gone. `cut`: too
   * many refused clients are here already, so this one gets no answer.
   */
  linger(stream: Duplex): 'answer' | 'cut' | 'late' {
    const visitor = this.#markOf(stream)
    if (stream.destroyed || (visitor && !undecided(visitor))) return 'late'
    if (visitor) this.#remove(stream)
    if (this.#lingering >= this.#limits.lingering) return 'cut'
    this.#add({ stream, phase: 'linger', key: undefined, turnAway: undefined })
    return 'answer'
  }

  /** Refuses every handshake that is not decided and can be answered: TLS may still be on its way. */
  turnAllAway(refusal: () => Refusal): void {
    for (const visitor of this.#visitors.members) visitor.turnAway?.(refusal())
  }

  /** Sends everybody away who is not open: without an answer, or once the answer has been taken by the system. */
  cutOff(): void {
    for (const { stream, phase } of this.#visitors.members) {
      if (phase !== 'linger' || stream.writableFinished || !stream.writableEnded) stream.destroy()
      else stream.once('finish', () => stream.destroy())
    }
  }

  #reached(key: string | undefined): ReachedLimit | undefined {
    const { connections, connectionsPerAddress, handshakesPerAddress } = this.#limits
    if (this.#total.connections >= connections) {
      return { code: 'SERVER_FULL', limit: 'connections', value: connections }
    }
    const tally = key === undefined ? undefined : this.#tallies.get(key)
    if (!tally) return undefined
    if (tally.connections >= connectionsPerAddress) {
      return { code: 'SERVER_FULL_FOR_ADDRESS', limit: 'connectionsPerAddress', value: connectionsPerAddress }
    }
    if (tally.handshakes >= handshakesPerAddress) {
      return { code: 'SERVER_FULL_FOR_ADDRESS', limit: 'handshakesPerAddress', value: handshakesPerAddress }
    }
    return undefined
  }

  /**
   * A client that means it sends its request at once. Among many that do not, the oldest has had the longest time, and
   * taking its place lets newcomers in however many there are.
   */
  #makeRoom(full: (limit: ReachedLimit) => Refusal): ReachedLimit | undefined {
    const { handshakes } = this.#limits
    if (this.#total.handshakes < handshakes) return undefined
    const reached: ReachedLimit = { code: 'SERVER_HANDSHAKES_FULL', limit: 'handshakes', value: handshakes }
    const oldest = this.#requests.first
    if (!oldest) return reached
    const { stream, turnAway } = oldest
    if (turnAway) turnAway(full(reached))
    else stream.destroy()
    // Gone from the count at once, whatever has become of it.
    const visitor = this.#markOf(stream)
    if (visitor && undecided(visitor)) this.#remove(stream)
    return undefined
  }

  #markOf(stream: Duplex): Mark | undefined {
    return (stream as Marked)[this.#mark]
  }

  #tallyOf(key: string | undefined): Tally | undefined {
    return key === undefined ? this.#total : this.#tallies.get(key)
  }

  #add(visitor: Visitor): void {
    const { stream } = visitor
    this.#visitors.add(visitor)
    ;(stream as Marked)[this.#mark] = visitor
    if (visitor.phase === 'linger') {
      this.#lingering += 1
    } else {
      this.#requests.add(visitor)
      this.#count(visitor.key, 1, 1)
    }
    whenClosed(stream, this.#closed)
  }

  #remove(stream: Duplex): void {
    const visitor = this.#markOf(stream)
    if (!visitor) return
    ;(stream as Marked)[this.#mark] = undefined
    if (visitor.phase !== 'open') this.#visitors.delete(visitor)
    if (undecided(visitor)) this.#decided(visitor)
    if (visitor.phase === 'linger') this.#lingering -= 1
    else this.#count(visitor.key, -1, 0)
  }

  #decided(visitor: Visitor): void {
    this.#requests.delete(visitor)
    visitor.turnAway = undefined
    this.#count(visitor.key, 0, -1)
  }

  #count(key: string | undefined, connections: number, handshakes: number): void {
    this.#total.connections += connections
    this.#total.handshakes += handshakes
    if (key === undefined) return
    const tally = this.#tallies.get(key) ?? newTally(key)
    tally.connections += connections
    tally.handshakes += handshakes
    if (tally.connections === 0) this.#tallies.delete(key)
    else this.#tallies.set(key, tally)
  }
}

function newTally(key: string | undefined): Tally {
  return { phase: 'open', key, connections: 0, handshakes: 0 }
}

function undecided(mark: Mark): mark is Visitor {
  return mark.phase === 'request' || mark.phase === 'decision'
}
