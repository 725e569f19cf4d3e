/** Where a bearer token goes. Pages in browsers can set none but the last three. */
export type BearerPlace = 'authorization' | 'query' | 'cookie' | 'subprotocol'

/** A name and a value as typed. */
export interface TypedPair {
  name: string
  value: string
}

/** The form as the user filled it. */
export interface ConnectForm {
  url: string
  /** Names with commas or blanks between them. */
  subprotocols: string
  origin: string
  fields: TypedPair[]
  cookies: TypedPair[]
  bearer: {
    token: string
    place: BearerPlace
    /** What each place calls it: a query parameter, a cookie, the beginning of a subprotocol. */
    query: string
    cookie: string
    subprotocol: string
  }
  skipVerification: boolean
  /** PEM, empty for none; the version empty for Node's own. */
  tls: { ca: string; cert: string; key: string; minVersion: '' | 'TLSv1.2' | 'TLSv1.3' }
  proxy: { way: 'environment' | 'direct' | 'proxy'; url: string }
  compression: {
    offer: boolean
    /** Each side may build on its earlier messages. */
    takeover: boolean
    peerTakeover: boolean
    /** The largest windows, as powers of two. */
    windowBits: number
    peerWindowBits: number
  }
  /** As typed; empty for the engine's own. */
  redirects: string
  timeout: string
}

/** An empty form. */
export function emptyForm(): ConnectForm {
  return {
    url: '',
    subprotocols: '',
    origin: '',
    fields: [],
    cookies: [],
    bearer: { token: '', place: 'authorization', query: 'access_token', cookie: 'token', subprotocol: 'bearer.' },
    skipVerification: false,
    tls: { ca: '', cert: '', key: '', minVersion: '' },
    proxy: { way: 'environment', url: '' },
    // As the engine has them.
    compression: { offer: false, takeover: true, peerTakeover: true, windowBits: 13, peerWindowBits: 15 },
    redirects: '',
    timeout: '',
  }
}
