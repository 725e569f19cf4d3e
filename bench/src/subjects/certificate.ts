import { generate } from 'selfsigned'

/** A certificate for this one process. Its key is the smallest that clients take: the handshake is not what is measured. */
export async function certificate(): Promise<{ cert: string; key: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
  })
  return { cert, key }
}
