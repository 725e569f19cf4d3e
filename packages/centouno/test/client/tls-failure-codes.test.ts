import { describe, expect, test } from 'vitest'
import { certificateCode, isTlsError, secureFailure } from '../../src/client/tls-failure-codes.ts'
import { isCode } from '../../src/report/codes.ts'

function tlsError(code: string, reason: string): Error {
  return Object.assign(new Error(`80:error:0A000000:SSL routines:ssl3_read_bytes:${reason}:record.c:12:`), { code })
}

describe('why a certificate did not pass', () => {
  test.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SECURE_SELF_SIGNED'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'SECURE_UNKNOWN_AUTHORITY'],
    ['CERT_HAS_EXPIRED', 'SECURE_EXPIRED'],
    ['CERT_NOT_YET_VALID', 'SECURE_NOT_YET_VALID'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'SECURE_WRONG_NAME'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SECURE_CHAIN_INCOMPLETE'],
    ['UNABLE_TO_GET_ISSUER_CERT', 'SECURE_CHAIN_INCOMPLETE'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'SECURE_CHAIN_INCOMPLETE'],
    ['CERT_REVOKED', 'SECURE_CERTIFICATE_REJECTED'],
  ])('%s is %s', (reason, code) => {
    expect(certificateCode(reason)).toBe(code)
    expect(isCode(code)).toBe(true)
  })
})

describe('why a TLS handshake failed', () => {
  test.each([
    // Older versions of Node have EPROTO, newer ones name OpenSSL's reason in the code.
    ['EPROTO', 'wrong version number', 'SECURE_NOT_TLS'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number', 'SECURE_NOT_TLS'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'packet length too long', 'SECURE_NOT_TLS'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tlsv1 alert protocol version', 'SECURE_PROTOCOL_VERSION'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'unsupported protocol', 'SECURE_PROTOCOL_VERSION'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tlsv13 alert certificate required', 'SECURE_CLIENT_CERTIFICATE'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'sslv3 alert bad certificate', 'SECURE_CLIENT_CERTIFICATE'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tlsv1 alert unknown ca', 'SECURE_CLIENT_CERTIFICATE'],
    ['EPROTO', 'sslv3 alert handshake failure', 'SECURE_NO_SHARED_CIPHER'],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'tlsv1 unrecognized name', 'SECURE_NAME_UNKNOWN'],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'tlsv1 alert internal error', 'SECURE_ALERT'],
    ['ERR_SSL_DIGEST_CHECK_FAILED', 'digest check failed', 'SECURE_FAILED'],
  ])('%s, "%s" is %s', (system, reason, code) => {
    const error = tlsError(system, reason)
    const failure = secureFailure(error)
    expect(failure.code).toBe(code)
    expect(failure.cause).toBe(error)
    expect(isCode(code)).toBe(true)
    expect(isTlsError(error)).toBe(true)
  })

  test('an alert without a code of its own is named', () => {
    expect(secureFailure(tlsError('EPROTO', 'tlsv1 alert internal error')).details['alert']).toBe('internal error')
  })

  test('a reset by the peer, and the one Node makes of a FIN', () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
    const ended = Object.assign(new Error('Client network socket disconnected'), { code: 'ECONNRESET' })
    expect(secureFailure(reset).code).toBe('SECURE_RESET')
    expect(secureFailure(ended).code).toBe('SECURE_ENDED')
    expect(isTlsError(reset)).toBe(false)
  })
})
