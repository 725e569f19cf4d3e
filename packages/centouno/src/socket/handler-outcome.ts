import type { Consumer } from './consumer.ts'

/** Tells a failure of a handler to the consumer, and to the process as a warning when the consumer does not listen. */
export function reportFailure(consumer: Consumer | undefined, error: unknown): void {
  try {
    if (consumer?.failed) consumer.failed(error)
    else warnOfFailure(error)
  } catch (second) {
    warnOfFailure(second)
  }
}

/** A process warning carries the error to the log without ending the process, which an uncaught exception would. */
export function warnOfFailure(error: unknown): void {
  process.emitWarning(error instanceof Error ? (error.stack ?? error.message) : String(error), {
    type: 'WebSocketHandlerWarning',
    code: 'CENTOUNO_HANDLER_FAILED',
    detail: 'A handler of a WebSocket failed. Its socket was closed with 1011; pass `onError` to receive such errors.',
  })
}

/** Treats the rejection of what a callback returned as what it throws: observed by nobody, it would end the process. */
export function whenRejected(outcome: unknown, failed: (error: unknown) => void): void {
  if (isPromiseLike(outcome)) outcome.then(undefined, failed)
}

/** Whether a handler returned something to wait for. Any thenable counts, as it does for `await`. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
