import { createHmac } from 'node:crypto'

export type Hash = 'sha256' | 'sha384'

export function hashLength(hash: Hash): number {
  return hash === 'sha256' ? 32 : 48
}

/**
 * HKDF-Expand-Label with an empty context (RFC 8446 §7.1, RFC 5869 §2.3).
 *
 *     HkdfLabel = length "tls13 " label context
 */
export function expandLabel(hash: Hash, secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = Buffer.from(`tls13 ${label}`, 'latin1')
  const info = Buffer.concat([Buffer.from([length >>> 8, length & 0xff, name.length]), name, Buffer.from([0])])
  const blocks: Buffer[] = []
  let block: Buffer = Buffer.alloc(0)
  for (let count = 1; blocks.length * hashLength(hash) < length; count += 1) {
    block = createHmac(hash, secret)
      .update(block)
      .update(info)
      .update(Buffer.from([count]))
      .digest()
    blocks.push(block)
  }
  return Buffer.concat(blocks).subarray(0, length)
}

/** The pseudorandom function of TLS 1.2 (RFC 5246 §5). */
export function prf(hash: Hash, secret: Uint8Array, label: string, seed: Uint8Array, length: number): Uint8Array {
  const labelled = Buffer.concat([Buffer.from(label, 'latin1'), seed])
  const blocks: Buffer[] = []
  let round: Buffer = labelled
  while (blocks.length * hashLength(hash) < length) {
    round = createHmac(hash, secret).update(round).digest()
    blocks.push(createHmac(hash, secret).update(round).update(labelled).digest())
  }
  return Buffer.concat(blocks).subarray(0, length)
}
