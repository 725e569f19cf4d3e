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
  /** `memory.limit` was set to something that is no number above zero. */
  | 'MEMORY_LIMIT'
  /** An option of `reconnecting` is none that it could be. */
  | 'RECONNECT_OPTIONS'
  /** The socket gives messages as streams, and they were asked for whole; or the other way round. */
  | 'STREAMS'
  /** Something else than an async iterable was to be sent as a stream. */
  | 'SOURCE_TYPE'
  /** The bytes of a text that was to be sent as a stream are not UTF-8. */
  | 'TEXT_NOT_UTF8'

/** Thrown at once when a socket is called with something it cannot take: a mistake in the calling code. */
export class SocketInputError extends Error {
  override readonly name: string = 'SocketInputError'
  readonly code: SocketInputErrorCode

  constructor(code: SocketInputErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

const streamSentences = {
  STREAM_DISCARDED:
    'The rest of this message was thrown away before it was read. Let the handler return a promise that settles after the reading, and read each message before asking for the next.',
  STREAM_OVER_LIMIT:
    'The message is longer than what was asked for, and the rest of it was thrown away. Pass a higher limit, or read it piece by piece.',
  STREAM_NOT_TEXT: 'The message is binary. Use bytes(), or look at its kind first.',
} as const

/** Why a message that came as a stream could not be read. */
export type StreamErrorCode = keyof typeof streamSentences

/** Reading a message that came as a stream failed, while its connection goes on. */
export class StreamError extends Error {
  override readonly name: string = 'StreamError'
  readonly code: StreamErrorCode

  constructor(code: StreamErrorCode) {
    super(streamSentences[code])
    this.code = code
  }
}

/** `send` refused a message because too much waits already for a peer that reads too slowly. Nothing was queued. */
export class SendBudgetError extends Error {
  override readonly name: string = 'SendBudgetError'
  readonly code = 'SEND_BUDGET_EXCEEDED'
  /** Bytes that wait, counted as the budget counts them. */
  readonly heldBytes: number
  /** What may wait: `outgoing.bytes`. */
  readonly budget: number

  constructor(heldBytes: number, budget: number) {
    super(
      `The message was not sent: ${heldBytes} bytes wait for the peer already, and the budget is ${budget} (outgoing.bytes). ` +
        'Await what `send` returns before sending more, look at `socket.writable`, or choose the policy drop-oldest or close.',
    )
    this.heldBytes = heldBytes
    this.budget = budget
  }
}
