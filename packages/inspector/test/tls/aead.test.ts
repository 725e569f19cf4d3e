import { expect, test } from 'vitest'
import { aeadOf } from '../../src/tls/aead.ts'

test.each([
  [0x1301, { cipher: 'aes-128-gcm', keyLength: 16, tagLength: 16, hash: 'sha256' }],
  [0x1302, { cipher: 'aes-256-gcm', keyLength: 32, tagLength: 16, hash: 'sha384' }],
  [0x1303, { cipher: 'chacha20-poly1305', keyLength: 32, tagLength: 16, hash: 'sha256', explicitNonce: false }],
  [0x1304, { cipher: 'aes-128-ccm', keyLength: 16, tagLength: 16, hash: 'sha256' }],
  [0x1305, { cipher: 'aes-128-ccm', keyLength: 16, tagLength: 8, hash: 'sha256' }],
  // TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8 names no hash.
  [0xc0af, { cipher: 'aes-256-ccm', keyLength: 32, tagLength: 8, hash: 'sha256', explicitNonce: true }],
  [0xc030, { cipher: 'aes-256-gcm', keyLength: 32, tagLength: 16, hash: 'sha384', explicitNonce: true }],
])('suite %i', (suite, expected) => {
  expect(aeadOf(suite)).toMatchObject(expected)
})

test.each([
  [0x002f, 'TLS_RSA_WITH_AES_128_CBC_SHA'],
  [0xc061, 'TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384'],
  [0xffff, 'no suite'],
])('%i (%s) has none that is opened here', (suite) => {
  expect(aeadOf(suite)).toBeUndefined()
})
