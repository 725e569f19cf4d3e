import type { CloseFrame } from './closing.ts'
import { closeReasonFits } from '../close/close-payload.ts'
import { mayBeSent, noStatusReceived } from '../close/status-codes.ts'
import type { Text } from '../text.ts'
import { SendError } from './send-error.ts'

/** A Close frame without a payload. */
export const emptyClose: CloseFrame = { code: noStatusReceived, reason: '' }

/** The Close that an application asks for; throws a SendError when it may not be sent (RFC 6455 §5.5.1, §7.4). */
export function closeToSend(code: number | undefined, reason: string, role: 'client' | 'server'): CloseFrame {
  if (code === undefined) {
    if (reason !== '') throw new SendError('CLOSE_REASON_WITHOUT_CODE')
    return emptyClose
  }
  if (!mayBeSent(code, role)) throw new SendError('CLOSE_CODE_NOT_SENDABLE')
  if (!closeReasonFits(reason)) throw new SendError('CLOSE_REASON_TOO_LONG')
  return { code, reason }
}

/** What the engine itself ends a connection for: a row of one of its tables. */
export interface Explanation {
  readonly code: string
  readonly statusCode: number
  readonly sentence: Text
}

/** The Close that says why: it begins with the code, by which people and the other side's engine can look it up. */
export function explainedClose({ code, statusCode, sentence }: Explanation): CloseFrame {
  return { code: statusCode, reason: `${code}: ${sentence.en}` }
}
