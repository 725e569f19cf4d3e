import { expect, test } from 'vitest'
import { causeOf } from '../../../src/protocol/connection/transport-error.ts'

test.each([
  ['ECONNRESET', 'peer-reset'],
  ['EPIPE', 'peer-reset'],
  ['ETIMEDOUT', 'transport-error'],
  ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'transport-error'],
  [undefined, 'transport-error'],
])('%s is told as %s', (code, cause) => {
  expect(causeOf(Object.assign(new Error('x'), { code }))).toBe(cause)
})

test('an error without a code is one of the transport', () => {
  expect(causeOf(new Error('x'))).toBe('transport-error')
})

test('an alert of the peer is known by what OpenSSL adds to its error', () => {
  const message =
    '804C:error:0A0003FC:SSL routines:ssl3_read_bytes:sslv3 alert bad record mac:rec_layer_s3.c:1601:SSL alert number 20\n'
  const error = Object.assign(new Error(message), { code: 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC' })
  expect(causeOf(error)).toBe('tls-alert')
})
