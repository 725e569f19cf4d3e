import type { ConnectOptions } from 'centouno'

/** How the server is reached, as the page asks for it. What is left out is as the engine has it. */
export interface RouteSettings {
  /** Accept a certificate that cannot be verified. */
  readonly skipVerification: boolean
  /** `http:`, `https:` or `socks5:`; false: directly. Left out: as the environment says. */
  readonly proxy?: string | false | undefined
  /** PEM: whom to trust instead of the usual ones. */
  readonly ca?: string | undefined
  /** PEM: this client's certificate, with its chain. */
  readonly cert?: string | undefined
  /** PEM: the key of it. */
  readonly key?: string | undefined
  /** The oldest version of TLS that will do. */
  readonly minVersion?: TlsVersion | undefined
  /** Milliseconds for the whole attempt. */
  readonly timeout?: number | undefined
}

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'
export const tlsVersions: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3']

/** The same for the engine. */
export function routeOptions(settings: RouteSettings): Pick<ConnectOptions, 'handshakeTimeout' | 'proxy' | 'tls'> {
  const { skipVerification, proxy, ca, cert, key, minVersion, timeout } = settings
  return {
    handshakeTimeout: timeout,
    proxy,
    tls: {
      ...(skipVerification ? { rejectUnauthorized: false } : {}),
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(minVersion === undefined ? {} : { minVersion }),
    },
  }
}
