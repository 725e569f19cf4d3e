import type { Closing } from '../protocol/connection/closing.ts'
import { closingText } from '../report/closing-text.ts'

/** Thrown or rejected with when a socket is closing or closed and cannot do what was asked. */
export class SocketClosedError extends Error {
  override readonly name: string = 'SocketClosedError'
  readonly code = 'SOCKET_CLOSED'
  /** How the connection ended; undefined while the closing handshake is still going on. */
  readonly closing: Closing | undefined

  constructor(doing: string, closing: Closing | undefined) {
    const options = closing?.error ? { cause: closing.error } : undefined
    super(`${doing} is not possible: ${state(closing)} ${advice}`, options)
    this.closing = closing
  }
}

const advice = 'Look at `socket.state` first, or wait for `socket.closed`, which tells how the connection ended.'

function state(closing: Closing | undefined): string {
  if (!closing) return 'the socket is closing.'
  const { code, sentence } = closingText(closing, 'en')
  return `the socket is closed (${code}, status code ${closing.code}). ${sentence}`
}

/** What was wrong with an argument. */
export type SocketInputErrorCode =
  /** Something else than a string, an ArrayBuffer or a view of one was to be sent. */
  | 'DATA_TYPE'
  /** The socket's messages already go somewhere else: to a consumer, or to an iterator. */
  | 'ALREADY_READ'

/** Thrown at once when a socket is called with something it cannot take: a mistake in the calling code. */
export class SocketInputError extends Error {
  override readonly name: string = 'SocketInputError'
  readonly code: SocketInputErrorCode

  constructor(code: SocketInputErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
