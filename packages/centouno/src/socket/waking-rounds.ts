import { type Clock, longestDelay } from '../transport/clock.ts'
import { Roster } from './roster.ts'

/** Whoever is woken by a round. */
export interface RoundMember {
  /** The round strikes; the member has left it. */
  strike(): void
}

/** Milliseconds from one round to the next. */
const interval = 256

/** A shorter wait has a timer of its own: woken at the beginning of its interval, it would have little of it behind it. */
const longWait = 4 * interval

/** One pair for all rounds: nobody is in two of them. */
const links = { previous: Symbol('previous in its round'), next: Symbol('next in its round') }

const roundsByClock = new WeakMap<Clock, WakingRounds>()

/**
 * Timers that many share. Whoever waits for long joins the round in whose interval its time lies, is woken at the
 * beginning of that interval, and waits for the rest of it alone. An idle socket waits for its next Ping nearly all of
 * the time, and a timer of its own costs more memory than everything that it has to remember of its peer's silence.
 */
export class WakingRounds {
  readonly #clock: Clock
  readonly #rounds = new Map<number, WakingRound>()

  private constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The rounds of a clock, which all share. */
  static of(clock: Clock): WakingRounds {
    const known = roundsByClock.get(clock)
    if (known !== undefined) return known
    const rounds = new WakingRounds(clock)
    roundsByClock.set(clock, rounds)
    return rounds
  }

  /**
   * Joins the round for `at`, in milliseconds of the clock; undefined where it is so near that it takes a timer.
   *
   * @param now the clock's time
   */
  join(member: RoundMember, at: number, now: number): WakingRound | undefined {
    if (at - now < longWait) return undefined
    const number = Math.floor(at / interval)
    let round = this.#rounds.get(number)
    if (round === undefined) {
      round = new WakingRound(this.#clock, number * interval, now, (over) => this.#remove(number, over))
      this.#rounds.set(number, round)
    }
    round.members.add(member)
    return round
  }

  #remove(number: number, over: WakingRound): void {
    // One that struck too early may have been followed by another.
    if (this.#rounds.get(number) === over) this.#rounds.delete(number)
  }
}

/** Those whose time lies in one interval. It is over when it has struck, or all have left it. */
export class WakingRound {
  /** When it strikes; earlier where no timer can wait for so long. */
  readonly at: number
  readonly members: Roster<RoundMember> = new Roster(links)
  readonly #clock: Clock
  readonly #timer: unknown
  readonly #over: (round: WakingRound) => void

  constructor(clock: Clock, at: number, now: number, over: (round: WakingRound) => void) {
    this.at = at
    this.#clock = clock
    this.#over = over
    const delay = Math.min(longestDelay, Math.ceil(at - now))
    this.#timer = clock.set(delay, () => this.#strike())
  }

  leave(member: RoundMember): void {
    this.members.delete(member)
    if (this.members.size > 0) return
    this.#clock.clear(this.#timer)
    this.#over(this)
  }

  #strike(): void {
    // Who asks for the same interval again has to find another round.
    this.#over(this)
    this.#wakeAll()
  }

  #wakeAll(): void {
    try {
      for (let member = this.members.first; member !== undefined; member = this.members.first) {
        this.members.delete(member)
        member.strike()
      }
    } finally {
      // One that throws fails alone, as it would with a timer of its own.
      if (this.members.size > 0) this.#clock.set(0, () => this.#wakeAll())
    }
  }
}
