import { generate } from 'selfsigned'

/** A certificate and its key, as `tls.createServer` takes them. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const day = 24 * 60 * 60 * 1000

/**
 * A self-signed certificate for a name, and for addresses if given; `validDays` may lie in the past: from day -9 to
 * day -1, say.
 */
export async function selfSigned(
  name: string,
  validDays: readonly [from: number, to: number] = [-1, 1],
  addresses: readonly string[] = [],
): Promise<Certificate> {
  const [from, to] = validDays.map((days) => new Date(Date.now() + days * day))
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(from === undefined ? {} : { notBeforeDate: from }),
    ...(to === undefined ? {} : { notAfterDate: to }),
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 2, value: name }, ...addresses.map((ip) => ({ type: 7, ip }) as const)],
      },
    ],
  })
  return { cert: made.cert, key: made.private }
}

/** A certificate for a name, signed by an authority, whose own certificate is not in it. */
export async function signedBy(
  authority: Certificate,
  name: string,
  { isAuthority = false }: { isAuthority?: boolean } = {},
): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: authority,
    extensions: [
      ...(isAuthority ? [{ name: 'basicConstraints', cA: true } as const] : []),
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    ],
  })
  return { cert: made.cert, key: made.private }
}

/** A self-signed certificate for this machine, by name and by address. */
export function loopbackCertificate(): Promise<Certificate> {
  return selfSigned('localhost', [-1, 1], ['127.0.0.1'])
}
