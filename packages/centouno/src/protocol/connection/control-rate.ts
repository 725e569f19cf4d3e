import { opcodes } from '../frame/opcode.ts'

const second = 1000

/**
 * Counts the control frames that a peer sends against a number per second: that many pass within a second from the
 * first, one more does not. What is not counted: Close, which comes once; as many Pongs as we sent Pings; and what
 * gathers while reading is paused, for which the pause gives credit by its length.
 */
export class ControlRate {
  readonly #perSecond: number
  #secondBegan = Number.NEGATIVE_INFINITY
  /** Frames in this second; below zero while there is credit. */
  #count = 0
  #pongsOwed = 0
  #pausedAt: number | undefined

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Takes note of a Ping of ours. */
  pingSent(): void {
    this.#pongsOwed++
  }

  /** Counts a control frame; false when it is one too many. */
  admits(opcode: number, now: number): boolean {
    if (opcode === opcodes.close) return true
    if (opcode === opcodes.pong && this.#pongsOwed > 0) {
      this.#pongsOwed--
      return true
    }
    if (now - this.#secondBegan >= second) {
      this.#secondBegan = now
      this.#count = Math.min(this.#count, 0)
    }
    this.#count++
    return this.#count <= this.#perSecond
  }

  pause(now: number): void {
    this.#pausedAt ??= now
  }

  resume(now: number): void {
    const paused = now - (this.#pausedAt ?? now)
    this.#pausedAt = undefined
    // An unbounded number times no time would be no number.
    if (paused > 0) this.#count -= (this.#perSecond * paused) / second
  }
}
