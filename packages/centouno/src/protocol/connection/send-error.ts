import { maxReasonBytes } from '../close/close-payload.ts'
import { maxControlPayload } from '../frame/header.ts'
import type { Text } from '../text.ts'

/*
 * What the application asked of a connection and cannot have. Always the caller's side: nothing a peer does ends here,
 * and the connection goes on as if the call had not been made.
 */

/** Why a call was refused. */
export type SendErrorCode =
  | 'CONNECTION_NOT_OPEN'
  | 'CLOSE_CODE_NOT_SENDABLE'
  | 'CLOSE_REASON_TOO_LONG'
  | 'CLOSE_REASON_WITHOUT_CODE'
  | 'CONTROL_PAYLOAD_TOO_LONG'
  | 'MESSAGE_UNFINISHED'
  | 'MASKING_KEY_INVALID'

/** What each of them says, and what to do. */
export const sendErrorSentences: Readonly<Record<SendErrorCode, Text>> = {
  CONNECTION_NOT_OPEN: {
    en: 'The connection is closing or closed, so nothing more can be sent. Check its state, or stop sending when it ends.',
    zh: '连接正在关闭或已经关闭，不能再发送。请先检查它的状态，或在它结束时停止发送。',
  },
  CLOSE_CODE_NOT_SENDABLE: {
    en: 'This status code must not be sent in a Close frame. Use 1000, another defined code, or one from 3000 to 4999.',
    zh: '这个状态码不允许放进 Close 帧发送。请使用 1000、其他有定义的状态码，或 3000 至 4999 之间的状态码。',
  },
  CLOSE_REASON_TOO_LONG: {
    en: `The reason takes more than ${maxReasonBytes} bytes of UTF-8. Shorten it, or send it as a message before closing.`,
    zh: `关闭原因的 UTF-8 编码超过 ${maxReasonBytes} 字节。请缩短它，或在关闭之前作为消息发送。`,
  },
  CLOSE_REASON_WITHOUT_CODE: {
    en: 'A reason needs a status code before it. Give a code, such as 1000.',
    zh: '给出关闭原因时必须同时给出状态码，例如 1000。',
  },
  CONTROL_PAYLOAD_TOO_LONG: {
    en: `A Ping or Pong carries ${maxControlPayload} bytes at most. Send less, or send a message.`,
    zh: `一个 Ping 或 Pong 最多携带 ${maxControlPayload} 字节。请减少数据，或改为发送消息。`,
  },
  MESSAGE_UNFINISHED: {
    en: 'A message is being sent in fragments, and another cannot begin inside it. Send its last fragment first.',
    zh: '有一条消息正在分片发送，中途不能开始另一条。请先发送它的最后一个分片。',
  },
  MASKING_KEY_INVALID: {
    en: 'A client needs a source of masking keys of 4 bytes each. Pass maskingKey, backed by a secure random source.',
    zh: '客户端需要每次提供 4 字节掩码密钥的来源。请传入 maskingKey，并使用安全的随机源。',
  },
}

/** A call on a connection that was refused; `code` says why, the message what to do. Nothing was sent. */
export class SendError extends Error {
  override readonly name = 'SendError'
  readonly code: SendErrorCode

  constructor(code: SendErrorCode) {
    super(sendErrorSentences[code].en)
    this.code = code
  }
}
