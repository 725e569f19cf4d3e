import type { Payload } from './payload.ts'
import type { Tab } from './tab.ts'

/** Sends a message again and again, for as long as its connection is open: on each tab one at most. */
export class Repeater {
  readonly #send: (tab: Tab, payload: Payload) => boolean
  readonly #timers = new Map<Tab, ReturnType<typeof setInterval>>()

  /** @param send False when nothing could be sent this time, because more is waiting than leaves. */
  constructor(send: (tab: Tab, payload: Payload) => boolean) {
    this.#send = send
  }

  /** The first goes at once. */
  start(tab: Tab, payload: Payload, everyMs: number): void {
    this.stop(tab)
    tab.repetition.value = { payload, everyMs, sent: 0 }
    this.#timers.set(
      tab,
      setInterval(() => this.#once(tab), everyMs),
    )
    this.#once(tab)
  }

  stop(tab: Tab): void {
    clearInterval(this.#timers.get(tab))
    this.#timers.delete(tab)
    tab.repetition.value = null
  }

  #once(tab: Tab): void {
    const going = tab.repetition.value
    if (going === null || tab.connection.value.phase !== 'open') this.stop(tab)
    else if (this.#send(tab, going.payload)) tab.repetition.value = { ...going, sent: going.sent + 1 }
  }
}
