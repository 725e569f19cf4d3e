import { nonceLength, open } from './aead.ts'
import type { Aead } from './aead.ts'
import { expandLabel, hashLength, prf } from './key-schedule.ts'
import type { TlsRecord } from './record-stream.ts'

/** What was in a protected record. */
export interface Opened {
  readonly type: number
  readonly content: Uint8Array
}

/** Opens the records of one direction, in order. */
export interface RecordKeys {
  /** Undefined when it does not open; then nothing is counted. */
  open(record: TlsRecord): Opened | undefined
}

/** The keys of TLS 1.3 for one traffic secret (RFC 8446 §5.2, §5.3, §7.3). */
export class Keys13 implements RecordKeys {
  readonly #aead: Aead
  readonly #secret: Uint8Array
  readonly #key: Uint8Array
  readonly #iv: Uint8Array
  #sequence = 0n

  constructor(aead: Aead, secret: Uint8Array) {
    this.#aead = aead
    this.#secret = secret
    this.#key = expandLabel(aead.hash, secret, 'key', aead.keyLength)
    this.#iv = expandLabel(aead.hash, secret, 'iv', nonceLength)
  }

  /** Those after a KeyUpdate (RFC 8446 §7.2). */
  next(): Keys13 {
    const { hash } = this.#aead
    return new Keys13(this.#aead, expandLabel(hash, this.#secret, 'traffic upd', hashLength(hash)))
  }

  open({ header, fragment }: TlsRecord): Opened | undefined {
    const nonce = masked(this.#iv, this.#sequence)
    const inner = open(this.#aead, { key: this.#key, nonce, additional: header, sealed: fragment })
    if (inner === undefined) return undefined
    this.#sequence += 1n
    // TLSInnerPlaintext = content type *zero: the type is the last byte that is not zero.
    const typeAt = inner.findLastIndex((byte) => byte !== 0)
    return typeAt === -1 ? undefined : { type: inner[typeAt] ?? 0, content: inner.subarray(0, typeAt) }
  }
}

export interface Secrets12 {
  readonly master: Uint8Array
  readonly clientRandom: Uint8Array
  readonly serverRandom: Uint8Array
}

// With ChaCha20 the whole nonce comes from the key block (RFC 7905 §2); otherwise four bytes, and eight come with the record.
const saltLength = 4
const explicitLength = 8

/** The keys of TLS 1.2 for one direction, for AEAD ciphers (RFC 5246 §6.2.3.3, §6.3). */
export class Keys12 implements RecordKeys {
  readonly #aead: Aead
  readonly #key: Uint8Array
  readonly #iv: Uint8Array
  #sequence = 0n

  constructor(aead: Aead, { master, clientRandom, serverRandom }: Secrets12, sender: 'client' | 'server') {
    const ivLength = aead.explicitNonce ? saltLength : nonceLength
    const seed = Buffer.concat([serverRandom, clientRandom])
    // key_block = client_write_key server_write_key client_write_IV server_write_IV; there is no MAC key.
    const block = prf(aead.hash, master, 'key expansion', seed, 2 * (aead.keyLength + ivLength))
    const ordinal = sender === 'client' ? 0 : 1
    const keyAt = ordinal * aead.keyLength
    const ivAt = 2 * aead.keyLength + ordinal * ivLength
    this.#aead = aead
    this.#key = block.subarray(keyAt, keyAt + aead.keyLength)
    this.#iv = block.subarray(ivAt, ivAt + ivLength)
  }

  open({ type, header, fragment }: TlsRecord): Opened | undefined {
    const { explicitNonce, tagLength } = this.#aead
    const sealed = explicitNonce ? fragment.subarray(explicitLength) : fragment
    const nonce = explicitNonce
      ? Buffer.concat([this.#iv, fragment.subarray(0, explicitLength)])
      : masked(this.#iv, this.#sequence)
    const length = sealed.length - tagLength
    if (length < 0 || nonce.length !== nonceLength) return undefined
    // additional_data = seq_num type version length, the length being that of the plaintext.
    const additional = Buffer.alloc(13)
    additional.writeBigUInt64BE(this.#sequence)
    additional.set(header.subarray(0, 3), 8)
    additional.writeUInt16BE(length, 11)
    const content = open(this.#aead, { key: this.#key, nonce, additional, sealed })
    if (content === undefined) return undefined
    this.#sequence += 1n
    return { type, content }
  }
}

/** The record's number, in as many bytes as the IV has, mixed into the IV (RFC 8446 §5.3). */
function masked(iv: Uint8Array, sequence: bigint): Uint8Array {
  const nonce = Buffer.alloc(nonceLength)
  nonce.writeBigUInt64BE(sequence, nonceLength - 8)
  for (const [index, byte] of iv.entries()) nonce[index] = (nonce[index] ?? 0) ^ byte
  return nonce
}
