import { closingCode } from '../report/closing-text.ts'
import type { ConnectionReport, ReportObserver } from '../report/connection-report.ts'
import { clientChannels } from './client-channels.ts'
import type { ClientSocket } from './client-socket.ts'
import type { ConnectOptions } from './connect-options.ts'

let attempts = 0

/** Tells of one attempt on the channels that have subscribers. */
export class Announcer {
  readonly #told: { readonly attempt: number; readonly url: string }

  /** @param url as it may be shown */
  constructor(url: string) {
    attempts += 1
    this.#told = { attempt: attempts, url }
  }

  /** The attempt begins: gives the options with the trace context that subscribers have set. */
  start(options: ConnectOptions): ConnectOptions {
    if (!clientChannels.start.observed) return options
    const message = { ...this.#told, traceparent: options.traceparent, tracestate: options.tracestate }
    clientChannels.start.publish(() => message)
    return { ...options, traceparent: message.traceparent, tracestate: message.tracestate }
  }

  /** The observer of the report, who also tells the stages where anybody listens. */
  observer(observe: ReportObserver | undefined): ReportObserver | undefined {
    if (!clientChannels.stage.observed) return observe
    return (change) => {
      if (change.kind === 'stage') clientChannels.stage.publish(() => ({ ...this.#told, stage: change.stage }))
      return observe?.(change)
    }
  }

  verdict(report: () => ConnectionReport): void {
    clientChannels.verdict.publish(() => ({ ...this.#told, report: report() }))
  }

  opened(socket: ClientSocket): void {
    this.verdict(() => socket.report)
    const told = { ...this.#told, socket }
    clientChannels.open.publish(() => told)
    void socket.closed.then((closing) =>
      clientChannels.close.publish(() => ({ ...told, closing, code: closingCode(closing) })),
    )
  }
}
