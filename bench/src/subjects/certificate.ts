/** A certificate for this one process. Its key is the smallest that clients take: the handshake is not what is measured. */
export async function certificate(): Promise<{ cert: string; key: string }> {
  // Only when it is asked for: it brings a heap of its own along, which a collector would go through in every other mode.
  const { generate } = await import('selfsigned')
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
  })
  return { cert, key }
}
