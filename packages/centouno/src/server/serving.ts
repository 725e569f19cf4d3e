import type { DrainOptions, DrainSummary } from './drain.ts'
import type { ServerSocket } from './server-socket.ts'
import type { ServerStats } from './server-stats.ts'
import type { UpgradeService } from './upgrade-service.ts'

/** What serves endpoints on somebody else's HTTP server: its sockets, its counters, and its end. */
export interface Serving extends AsyncDisposable {
  /** The open sockets of all endpoints. */
  readonly sockets: ReadonlySet<ServerSocket>
  /** Counters since it began, and what it holds now. */
  stats(): ServerStats
  /**
   * Goes in good order, as `drain` of a listening server does: upgrades get 503 meanwhile, and sockets are closed one after
   * another. The HTTP server is not touched.
   *
   * @throws ServerInputError (`DRAIN`) at once, for times or a code that cannot be.
   */
  drain(options?: DrainOptions): Promise<DrainSummary>
  /** Closes every socket with 1001 and resolves when all are gone; bounded by `closeTimeout`, twice. */
  close(): Promise<void>
}

/** @param gone Called when the last socket is gone, at the end of a drain or a close. */
export function serving(service: UpgradeService, gone: () => void = () => {}): Serving {
  const close = (): Promise<void> => service.close().finally(gone)
  return {
    sockets: service.sockets,
    stats: () => service.stats,
    drain: (options = {}) => service.drain(options).finally(gone),
    close,
    [Symbol.asyncDispose]: close,
  }
}
