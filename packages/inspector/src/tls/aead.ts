import { createDecipheriv } from 'node:crypto'
import type { CipherCCMTypes, CipherGCMTypes } from 'node:crypto'
import type { Hash } from './key-schedule.ts'
import { cipherSuites } from './names/cipher-suites.ts'

/** What a cipher suite protects records with, where that is an AEAD cipher (RFC 5116). */
export interface Aead {
  readonly cipher: CipherGCMTypes | CipherCCMTypes | 'chacha20-poly1305'
  readonly keyLength: number
  readonly tagLength: number
  /** Whether TLS 1.2 sends half of the nonce with each record (RFC 5288 §3, RFC 6655 §3); with ChaCha20 it does not. */
  readonly explicitNonce: boolean
  /** For deriving keys. */
  readonly hash: Hash
}

export const nonceLength = 12

// The names of suites end in cipher and hash; those with CCM of TLS 1.2 leave out the hash, SHA-256.
const aeadName = /_(AES_(128|256)_(GCM|CCM_8|CCM)|CHACHA20_POLY1305)(?:_SHA(256|384))?$/

/** Undefined for a suite that is not known or has another kind of cipher (CBC, RC4). */
export function aeadOf(suite: number): Aead | undefined {
  const [, name, bits, mode, hash] = aeadName.exec(cipherSuites.get(suite) ?? '') ?? []
  if (name === undefined) return undefined
  const common = { hash: hash === '384' ? 'sha384' : 'sha256' } as const
  if (mode === undefined || bits === undefined) {
    return { ...common, cipher: 'chacha20-poly1305', keyLength: 32, tagLength: 16, explicitNonce: false }
  }
  const size = bits === '128' ? 128 : 256
  return {
    ...common,
    cipher: mode === 'GCM' ? `aes-${size}-gcm` : `aes-${size}-ccm`,
    keyLength: size / 8,
    tagLength: mode === 'CCM_8' ? 8 : 16,
    explicitNonce: true,
  }
}

/** What is sealed with one key and one nonce. */
export interface Sealed {
  readonly key: Uint8Array
  readonly nonce: Uint8Array
  readonly additional: Uint8Array
  /** The ciphertext, the tag at its end. */
  readonly sealed: Uint8Array
}

/** Opens what was sealed; undefined when it does not open: another key, or a changed byte. */
export function open(aead: Aead, { key, nonce, additional, sealed }: Sealed): Uint8Array | undefined {
  const { cipher, tagLength } = aead
  const plaintextLength = sealed.length - tagLength
  if (plaintextLength < 0) return undefined
  try {
    // Node's types tell the three kinds apart; they are used alike.
    const decipher = createDecipheriv(cipher as 'aes-128-ccm', key, nonce, { authTagLength: tagLength })
    decipher.setAuthTag(sealed.subarray(plaintextLength))
    decipher.setAAD(additional, { plaintextLength })
    const plain = decipher.update(sealed.subarray(0, plaintextLength))
    return Buffer.concat([plain, decipher.final()])
  } catch {
    return undefined
  }
}
