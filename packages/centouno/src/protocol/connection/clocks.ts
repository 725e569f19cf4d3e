import type { Expiry } from './expiries.ts'
import { type ConnectionTiming, orNever } from './timing.ts'
import { Heartbeat } from './heartbeat.ts'

/** How many times within a timeout it is looked whether the transport has taken something. */
const looksPerTimeout = 8

/**
 * The clocks of an open connection. They are told what happens, at the cost of storing a number, and asked seldom: what
 * they said before may have been put off since, which whoever was woken by it then finds out.
 *
 * Silence counts only while it can be heard: not while reading is paused, when the peer's bytes may be waiting unread,
 * and not while the transport is blocked, when our Ping and our messages are still on their way.
 */
export class Clocks {
  readonly heartbeat: Heartbeat
  readonly #timing: ConnectionTiming
  readonly #openedAt: number
  // Whole milliseconds, as in the heartbeat.
  /** When a part of a message last came or went, or the time from which there being none counts. */
  #messageAt: number
  /** When the transport last took something. Counts while it is blocked. */
  #tookAt = 0
  #blocked = false
  #paused = false
  #pongedUnasked = false
  /** From when on the end has been waited for. */
  #endFrom = 0
  /** It is waited for until what was queued before is out, as long as some of that is taken. */
  #lastWords = false

  constructor(timing: ConnectionTiming, openedAt: number) {
    this.heartbeat = new Heartbeat(timing, openedAt)
    this.#timing = timing
    this.#openedAt = Math.trunc(openedAt)
    this.#messageAt = this.#openedAt
  }

  get #writeTimeout(): number {
    return orNever(this.#timing.writeTimeout)
  }

  get #idleEnd(): number {
    return this.#messageAt + orNever(this.#timing.idleTimeout)
  }

  get #lifetimeEnd(): number {
    return this.#openedAt + orNever(this.#timing.maxLifetime)
  }

  get blocked(): boolean {
    return this.#blocked
  }

  message(now: number): void {
    this.#messageAt = Math.trunc(now)
  }

  /** A Pong goes that nobody asked for: it is not timed, and nothing answers it. From here on silence is not known. */
  pongUnasked(): void {
    this.#pongedUnasked = true
  }

  /** How long nothing has come or gone; 0 when that is not known. */
  silence(now: number): number {
    if (this.#blocked || this.#paused || this.#pongedUnasked) return 0
    return now - Math.max(this.#messageAt, this.heartbeat.lastAt)
  }

  pause(): void {
    this.#paused = true
  }

  resume(now: number): void {
    this.#paused = false
    this.#listenFrom(now)
  }

  block(now: number): void {
    this.#blocked = true
    this.#tookAt = now
  }

  /** The transport took something; it may still be blocked. */
  took(now: number): void {
    this.#tookAt = now
    if (this.#blocked) this.#putEndOff(now)
  }

  drain(now: number): void {
    if (this.#blocked) this.#putEndOff(now)
    this.#blocked = false
    this.#listenFrom(now)
  }

  /** When to ask `due` again; undefined for never. */
  wakeAt(now: number): number | undefined {
    let earliest = this.#lifetimeEnd
    if (this.#blocked) {
      const look = now + this.#writeTimeout / looksPerTimeout
      earliest = Math.min(earliest, look, this.#tookAt + this.#writeTimeout)
    } else if (!this.#paused) {
      earliest = Math.min(earliest, this.heartbeat.lookAt(now), this.#idleEnd)
    }
    return earliest === Number.POSITIVE_INFINITY ? undefined : Math.ceil(earliest)
  }

  /** What is due now: an end, or a Ping. */
  due(now: number): Expiry | 'ping' | undefined {
    if (this.#blocked && now >= this.#tookAt + this.#writeTimeout) return 'write-timeout'
    const heard = !this.#blocked && !this.#paused
    const beat = heard && now >= this.heartbeat.dueAt
    if (beat && this.heartbeat.awaited) return 'heartbeat-timeout'
    if (now >= this.#lifetimeEnd) return 'lifetime'
    if (heard && now >= this.#idleEnd) return 'idle-timeout'
    return beat ? 'ping' : undefined
  }

  /**
   * The end is waited for, for `closeTimeout`, from here on. The wait is for what the other side has to do, and it can do
   * nothing before it has read what was sent before our Close or FIN: while the transport is blocked, the time counts from
   * when it last took something.
   *
   * @param lastWords False when nobody shall be waited for: the peer broke a rule, and may well not read on purpose.
   */
  waitForEnd(now: number, lastWords: boolean): void {
    this.#endFrom = now
    this.#lastWords = lastWords
  }

  /** When to ask `endDue` again. */
  endWakeAt(now: number): number {
    const end = this.#endFrom + this.#timing.closeTimeout
    return Math.ceil(this.#blocked ? Math.min(end, now + this.#timing.closeTimeout / looksPerTimeout) : end)
  }

  /** True when the end has been waited for long enough. */
  endDue(now: number): boolean {
    return now >= this.#endFrom + this.#timing.closeTimeout
  }

  #putEndOff(now: number): void {
    if (this.#lastWords) this.#endFrom = now
  }

  #listenFrom(now: number): void {
    this.heartbeat.alive(now)
    this.#messageAt = Math.trunc(now)
  }
}
