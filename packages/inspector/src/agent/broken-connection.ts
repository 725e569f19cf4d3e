import type { ConnectionReport } from 'centouno/telling'
import { sendBroken } from '../break-a-rule/send-broken.ts'
import { LiveLadder } from '../ladder/live-ladder.ts'
import type { BreakOrder } from './agent-message.ts'
import type { PageConnection } from './page-connection.ts'
import type { Tell } from './remote-connection.ts'
import { routeOptions } from './route-settings.ts'
import type { TroubleCode } from './troubles.ts'

/** A request of a page that is sent byte for byte, told as any other connection. It ends with the answer. */
export class BrokenConnection implements PageConnection {
  readonly over: Promise<void>
  readonly #giveUp = new AbortController()

  /** `free` is called just before the last news of this connection. */
  constructor(order: BreakOrder, bytes: Uint8Array, tell: Tell, free: () => void) {
    this.over = this.#live(order, bytes, tell, free)
  }

  cancel(): void {
    this.#giveUp.abort()
  }

  terminate(): void {
    this.#giveUp.abort()
  }

  leave(): void {
    this.#giveUp.abort()
  }

  send(): TroubleCode {
    return 'NOT_OPEN'
  }

  ping(): TroubleCode {
    return 'NOT_OPEN'
  }

  runSteps(): TroubleCode {
    return 'NOT_OPEN'
  }

  stopSteps(): void {}

  close(): TroubleCode {
    return 'NOT_OPEN'
  }

  async #live(order: BreakOrder, bytes: Uint8Array, tell: Tell, free: () => void): Promise<void> {
    const { id, url } = order
    const ladder = new LiveLadder((rung) => void tell({ news: 'rung', id, rung }))
    const { handshakeTimeout, proxy, tls } = routeOptions(order)
    const decided = (report: ConnectionReport): void => {
      if (!report.verdict.ok) free()
      void tell({ news: 'report', id, report })
    }
    const { verdict } = await sendBroken({
      url,
      bytes,
      decided,
      // Left out, each part of it has a time of its own.
      ...(handshakeTimeout === undefined ? {} : { handshakeTimeout }),
      proxy,
      tls,
      signal: this.#giveUp.signal,
      observe: (change) => {
        void tell({ news: 'change', id, change })
        ladder.change(change)
      },
      wire: ladder,
    })
    if (!verdict.ok) return
    free()
    // It was accepted, and there is nothing to say to each other: we left.
    void tell({ news: 'closed', id, closing: left })
  }
}

const left = {
  code: 1006,
  reason: '',
  clean: false,
  cause: 'local-abort',
  initiator: 'local',
  sent: { code: 1000, reason: '' },
  received: undefined,
  violation: undefined,
} as const
