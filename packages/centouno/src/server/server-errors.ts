/** What was wrong with what a server was given. */
export type ServerInputErrorCode =
  /** An endpoint's path is no pattern. */
  | 'PATH_PATTERN'
  /** Two endpoints have the same path, so the second would never be reached. */
  | 'PATH_TWICE'
  /** An endpoint's subprotocol is no token (RFC 6455 §4.1(10)). */
  | 'SUBPROTOCOL'
  /** A parameter whose declaration is neither a kind nor a Standard Schema, or that the path does not capture. */
  | 'PARAMETER'
  /** A place that can carry no bearer token, or from which browsers could not connect. */
  | 'BEARER'
  /** An origin that no browser would send. */
  | 'ORIGIN'
  /** An option, or something else that was given, is of a type that it cannot be. */
  | 'OPTION'
  /** Options for TLS that Node does not take, or that have no certificate. */
  | 'TLS'
  /** Two attachments, or an attachment and another `'upgrade'` listener, would answer the same requests. */
  | 'ATTACHED_TWICE'
  /** A status of `refuse` that is no refusal, or a field it must not set. */
  | 'REFUSAL'
  /** An id in `relaxed` that no rule has. */
  | 'UNKNOWN_RULE'
  /** A limit that is no number above zero. */
  | 'LIMIT'
  /** `listen` was given neither a port nor a path, no port that exists, or a path together with a port or a host. */
  | 'LISTEN'
  /** Something in `proxies` that is neither an address nor a range of addresses. */
  | 'PROXY_ADDRESS'
  /** Times of a drain that cannot be kept, or a status code that does not say that the server goes. */
  | 'DRAIN'

/** Thrown at once when a server or an endpoint is declared with something that cannot work. */
export class ServerInputError extends Error {
  override readonly name: string = 'ServerInputError'
  readonly code: ServerInputErrorCode

  constructor(code: ServerInputErrorCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** `listen` was rejected: the address could not be bound. `cause` has the system's error. */
export class ListenError extends Error {
  override readonly name: string = 'ListenError'
  readonly code = 'LISTEN_FAILED'

  constructor(where: string, cause: Error & { readonly code?: string }) {
    super(`Listening on ${where} failed: ${cause.message}. ${advice.get(cause.code ?? '') ?? 'See `cause`.'}`, {
      cause,
    })
  }
}

const advice: ReadonlyMap<string, string> = new Map([
  [
    'EADDRINUSE',
    'Another process listens there: choose another port, or 0 for any free one. A Unix socket may also be left over from one that crashed.',
  ],
  ['EACCES', 'Ports below 1024 need privileges on many systems: choose a higher one.'],
  ['EADDRNOTAVAIL', 'This machine does not have that address.'],
])
