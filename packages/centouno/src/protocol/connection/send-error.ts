import { maxReasonBytes } from '../close/close-payload.ts'
import { maxControlPayload } from '../frame/header.ts'

/*
 * What the application asked of a connection and cannot have. Always the caller's side: nothing a peer does ends here,
 * and the connection goes on as if the call had not been made.
 */

const sentences = {
  CONNECTION_NOT_OPEN:
    'The connection is closing or closed, so nothing more can be sent. Check its state, or stop sending when it ends.',
  CLOSE_CODE_NOT_SENDABLE:
    'This status code must not be sent in a Close frame. Use 1000, another defined code, or one from 3000 to 4999.',
  CLOSE_REASON_TOO_LONG: `The reason takes more than ${maxReasonBytes} bytes of UTF-8. Shorten it, or send it as a message before closing.`,
  CLOSE_REASON_WITHOUT_CODE: 'A reason needs a status code before it. Give a code, such as 1000.',
  CONTROL_PAYLOAD_TOO_LONG: `A Ping or Pong carries ${maxControlPayload} bytes at most. Send less, or send a message.`,
  MESSAGE_UNFINISHED:
    'A message is being sent in fragments, and another cannot begin inside it. Send its last fragment first.',
  MASKING_KEY_INVALID:
    'A client needs a source of masking keys of 4 bytes each. Pass maskingKey, backed by a secure random source.',
} as const

/** Why a call was refused. */
export type SendErrorCode =
  | 'CONNECTION_NOT_OPEN'
  | 'CLOSE_CODE_NOT_SENDABLE'
  | 'CLOSE_REASON_TOO_LONG'
  | 'CLOSE_REASON_WITHOUT_CODE'
  | 'CONTROL_PAYLOAD_TOO_LONG'
  | 'MESSAGE_UNFINISHED'
  | 'MASKING_KEY_INVALID'

/** A call on a connection that was refused; `code` says why, the message what to do. Nothing was sent. */
export class SendError extends Error {
  override readonly name = 'SendError'
  readonly code: SendErrorCode

  constructor(code: SendErrorCode) {
    super(sentences[code])
    this.code = code
  }
}
