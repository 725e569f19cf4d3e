import { isReset, systemCode } from './failure-codes.ts'
import { StageFailure, wordsOf } from './stage-failure.ts'

const certificateCodes: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SECURE_SELF_SIGNED'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'SECURE_UNKNOWN_AUTHORITY'],
  ['CERT_UNTRUSTED', 'SECURE_UNKNOWN_AUTHORITY'],
  ['CERT_HAS_EXPIRED', 'SECURE_EXPIRED'],
  ['CERT_NOT_YET_VALID', 'SECURE_NOT_YET_VALID'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'SECURE_WRONG_NAME'],
  ['ERR_TLS_CERT_ALTNAME_FORMAT', 'SECURE_WRONG_NAME'],
  ['HOSTNAME_MISMATCH', 'SECURE_WRONG_NAME'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SECURE_CHAIN_INCOMPLETE'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'SECURE_CHAIN_INCOMPLETE'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'SECURE_CHAIN_INCOMPLETE'],
])

/** The code for a certificate that did not pass; Node names the reason by OpenSSL's words or its own. */
export function certificateCode(reason: string): string {
  return certificateCodes.get(reason) ?? 'SECURE_CERTIFICATE_REJECTED'
}

/*
 * OpenSSL's words for it, lower-cased and with blanks, as they stand in the message; the code has them only in some
 * versions of Node. The first that occurs decides.
 */
const phrases: readonly (readonly [phrase: string, code: string])[] = [
  // The first bytes are no TLS record: OpenSSL reads a version or a length into them that cannot be.
  ['wrong version number', 'SECURE_NOT_TLS'],
  ['packet length too long', 'SECURE_NOT_TLS'],
  ['record layer failure', 'SECURE_NOT_TLS'],
  ['http request', 'SECURE_NOT_TLS'],
  ['alert protocol version', 'SECURE_PROTOCOL_VERSION'],
  ['unsupported protocol', 'SECURE_PROTOCOL_VERSION'],
  ['no protocols available', 'SECURE_PROTOCOL_VERSION'],
  ['version too low', 'SECURE_PROTOCOL_VERSION'],
  ['certificate required', 'SECURE_CLIENT_CERTIFICATE'],
  ['alert bad certificate', 'SECURE_CLIENT_CERTIFICATE'],
  ['alert unknown ca', 'SECURE_CLIENT_CERTIFICATE'],
  ['alert certificate', 'SECURE_CLIENT_CERTIFICATE'],
  ['alert unsupported certificate', 'SECURE_CLIENT_CERTIFICATE'],
  ['alert handshake failure', 'SECURE_NO_SHARED_CIPHER'],
  ['alert insufficient security', 'SECURE_NO_SHARED_CIPHER'],
  ['no ciphers available', 'SECURE_NO_SHARED_CIPHER'],
  ['unrecognized name', 'SECURE_NAME_UNKNOWN'],
  ['unrecognised name', 'SECURE_NAME_UNKNOWN'],
]

/** A failed TLS handshake, other than by a certificate we did not accept. */
export function secureFailure(error: unknown): StageFailure {
  const reason = wordsOf(error)
  if (isReset(error) && !isTlsError(error)) {
    // Node makes an ECONNRESET of its own, without a system call, when the peer just sends FIN.
    const code = error instanceof Error && 'syscall' in error ? 'SECURE_RESET' : 'SECURE_ENDED'
    return new StageFailure(code, { reason }, error)
  }
  const words = tlsWords(error)
  const code = phrases.find(([phrase]) => words.includes(phrase))?.[1]
  if (code !== undefined) return new StageFailure(code, { reason }, error)
  const alert = alertName(words)
  return alert === undefined
    ? new StageFailure('SECURE_FAILED', { reason }, error)
    : new StageFailure('SECURE_ALERT', { reason, alert }, error)
}

/**
 * Whether an error of a stream comes from TLS. In TLS 1.3 the client has finished before the server has looked at its
 * certificate: the alert arrives while we wait for the reply to our request (RFC 8446 §4.4.2.4).
 */
export function isTlsError(error: unknown): boolean {
  const code = systemCode(error)
  return code.startsWith('ERR_SSL') || code === 'EPROTO' || tlsWords(error).includes('ssl routines')
}

function tlsWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return `${systemCode(error)} ${message}`.toLowerCase().replaceAll('_', ' ')
}

// "… ssl/tls alert internal error:../deps/openssl/…: SSL alert number 80"
function alertName(words: string): string | undefined {
  const start = words.indexOf(' alert ')
  if (start === -1) return undefined
  const name = words.slice(start + ' alert '.length)
  const end = name.indexOf(':')
  return (end === -1 ? name : name.slice(0, end)).trim() || undefined
}
