import type { ReconnectOutcome } from './reconnect-options.ts'

/** What a {@link ReconnectingSocket} is doing. */
export type ReconnectState = 'connecting' | 'open' | 'waiting' | 'stopped'

/** Rejected with when something is to be sent while there is no open connection: nothing is kept for later. */
export class NotConnectedError extends Error {
  override readonly name: string = 'NotConnectedError'
  readonly code = 'NOT_CONNECTED'
  readonly state: ReconnectState

  constructor(state: ReconnectState) {
    super(`Nothing was sent: there is no open connection (${state}). Wait for opened(), or send again when it is open.`)
    this.state = state
  }
}

/** Rejected with, or thrown by the iterator, when there will be no further connection. */
export class ReconnectStoppedError extends Error {
  override readonly name: string = 'ReconnectStoppedError'
  readonly code = 'RECONNECT_STOPPED'
  readonly outcome: ReconnectOutcome

  constructor(outcome: ReconnectOutcome) {
    const { why, end } = outcome
    const last =
      end === undefined ? '' : ` ${end.kind === 'failed' ? end.error.message : closedWords(end.closing.code)}`
    const cause = end?.kind === 'failed' ? { cause: end.error } : undefined
    super(`There will be no further attempt to connect (${why}).${last}`, cause)
    this.outcome = outcome
  }
}

function closedWords(code: number): string {
  return `The last connection was closed with ${code}.`
}
