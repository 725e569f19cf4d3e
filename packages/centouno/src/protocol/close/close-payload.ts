import type { CloseFrame } from '../connection/closing.ts'
import type { ViolationCode } from '../connection/violations.ts'
import { decodeUtf8 } from '../message/utf8.ts'
import { mayBeReceived, noStatusReceived } from './status-codes.ts'

/*
 * The payload of a Close frame, RFC 6455 §5.5.1: empty, or a status code of two bytes (network byte order) that a
 * reason in UTF-8 may follow.
 */

const codeBytes = 2

/** The most bytes of UTF-8 that a reason takes: what two bytes of status code leave of a control frame. */
export const maxReasonBytes = 123

const encoder = new TextEncoder()

/** Reads a payload; returns the code of the rule that it breaks, if any. */
export function readClosePayload(payload: Uint8Array): CloseFrame | ViolationCode {
  if (payload.length === 0) return { code: noStatusReceived, reason: '' }
  if (payload.length < codeBytes) return 'CLOSE_PAYLOAD_ONE_BYTE'
  const code = ((payload[0] as number) << 8) | (payload[1] as number)
  if (!mayBeReceived(code)) return 'CLOSE_CODE_FORBIDDEN'
  const reason = decodeUtf8(payload.subarray(codeBytes))
  if (reason === undefined) return 'CLOSE_REASON_NOT_UTF8'
  return { code, reason }
}

/** True when a Close frame has room for the reason. */
export function closeReasonFits(reason: string): boolean {
  // A code unit takes a byte at least: a text that is far too long need not be encoded to see it.
  return reason.length <= maxReasonBytes && encoder.encode(reason).length <= maxReasonBytes
}

/** Writes a payload: empty for 1005, which says just that. Lone surrogates in the reason become U+FFFD. */
export function writeClosePayload({ code, reason }: CloseFrame): Uint8Array {
  if (code === noStatusReceived) return new Uint8Array(0)
  const reasonBytes = encoder.encode(reason)
  const payload = new Uint8Array(codeBytes + reasonBytes.length)
  payload[0] = code >> 8
  payload[1] = code
  payload.set(reasonBytes, codeBytes)
  return payload
}
