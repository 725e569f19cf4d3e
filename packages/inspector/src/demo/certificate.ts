import { generate } from 'selfsigned'

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const day = 24 * 60 * 60 * 1000
const validDays = 30

/** A self-signed certificate for this machine's own names. Nobody vouches for it: good for trying TLS, no more. */
export async function makeCertificate(): Promise<Certificate> {
  const now = Date.now()
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A clock that runs a little behind must not find it "not yet valid".
    notBeforeDate: new Date(now - day),
    notAfterDate: new Date(now + validDays * day),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          // RFC 5280 §4.2.1.6: 2 is a DNS name, 7 an IP address.
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return { cert, key }
}
