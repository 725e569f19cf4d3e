import type { ClosingCause } from './closing.ts'

/**
 * The codes with which a system says that the peer dropped the connection: a reset came while reading (ECONNRESET) or
 * was met while writing (EPIPE).
 */
const resetCodes: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE'])

/** What an error of the transport says about the end of a connection. */
export function causeOf(error: Error): Extract<ClosingCause, 'peer-reset' | 'transport-error'> {
  return 'code' in error && resetCodes.has(error.code) ? 'peer-reset' : 'transport-error'
}
