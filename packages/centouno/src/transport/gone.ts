import type { Transport } from './transport.ts'

/**
 * Stands in the place of a transport that is over, so that an application which keeps a closed socket does not keep the
 * system's as well.
 */
export const gone: Transport = {
  kind: 'memory',
  queuedBytes: 0,
  progress: 0,
  start() {},
  write: () => true,
  cork() {},
  uncork() {},
  pause() {},
  resume() {},
  finish() {},
  abort() {},
}
