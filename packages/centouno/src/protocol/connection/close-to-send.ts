import type { CloseFrame } from './closing.ts'
import { closeReasonFits } from '../close/close-payload.ts'
import { mayBeSent, noStatusReceived } from '../close/status-codes.ts'
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
