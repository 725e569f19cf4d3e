import type { ClosingCause } from './closing.ts'

/**
 * The codes with which a system says that the peer dropped the connection: a reset came while reading (ECONNRESET) or
 * was met while writing (EPIPE).
 */
const resetCodes: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE'])

/** What OpenSSL adds to an error exactly when the peer sent an alert (RFC 8446 §6). */
const alertMark = 'SSL alert number'

/** What an error of the transport says about the end of a connection. */
export function causeOf(error: Error): Extract<ClosingCause, 'peer-reset' | 'tls-alert' | 'transport-error'> {
  if ('code' in error && resetCodes.has(error.code)) return 'peer-reset'
  return error.message.includes(alertMark) ? 'tls-alert' : 'transport-error'
}
