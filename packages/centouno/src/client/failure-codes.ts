import { StageFailure, wordsOf } from './stage-failure.ts'

/** What Node and the system call an error: `ECONNREFUSED`, `CERT_HAS_EXPIRED`; empty when it has no code. */
export function systemCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

const resolveCodes: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'RESOLVE_NOT_FOUND'],
  ['ENODATA', 'RESOLVE_NOT_FOUND'],
  ['EAI_NONAME', 'RESOLVE_NOT_FOUND'],
  ['EAI_NODATA', 'RESOLVE_NOT_FOUND'],
  ['EAI_AGAIN', 'RESOLVE_TEMPORARY'],
  ['ETIMEOUT', 'RESOLVE_TEMPORARY'],
  ['ESERVFAIL', 'RESOLVE_TEMPORARY'],
])

/** A failed look-up. */
export function resolveFailure(error: unknown): StageFailure {
  return new StageFailure(resolveCodes.get(systemCode(error)) ?? 'RESOLVE_FAILED', { reason: wordsOf(error) }, error)
}

/*
 * In the order of what they tell: when several addresses were tried, a host that answered with a refusal says more
 * than a family of addresses this network cannot reach at all.
 */
const connectCodes: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'CONNECT_REFUSED'],
  ['ECONNRESET', 'CONNECT_RESET'],
  ['ECONNABORTED', 'CONNECT_RESET'],
  ['EPIPE', 'CONNECT_RESET'],
  ['ETIMEDOUT', 'CONNECT_TIMEOUT'],
  ['EACCES', 'CONNECT_DENIED'],
  ['EPERM', 'CONNECT_DENIED'],
  ['EMFILE', 'CONNECT_EXHAUSTED'],
  ['ENFILE', 'CONNECT_EXHAUSTED'],
  ['ENOBUFS', 'CONNECT_EXHAUSTED'],
  ['EADDRNOTAVAIL', 'CONNECT_EXHAUSTED'],
  ['EHOSTUNREACH', 'CONNECT_UNREACHABLE'],
  ['EHOSTDOWN', 'CONNECT_UNREACHABLE'],
  ['ENETUNREACH', 'CONNECT_UNREACHABLE'],
  ['ENETDOWN', 'CONNECT_UNREACHABLE'],
])

/** A failed TCP connection; for several addresses Node gives an AggregateError with the error of each. */
export function connectFailure(error: unknown): StageFailure {
  const errors: readonly unknown[] = error instanceof AggregateError && error.errors.length > 0 ? error.errors : [error]
  const found = new Set(errors.map(systemCode))
  for (const [system, code] of connectCodes) {
    if (found.has(system)) return new StageFailure(code, { reason: wordsOf(error) }, error)
  }
  return new StageFailure('CONNECT_FAILED', { reason: wordsOf(errors[0]) }, error)
}

// Not the same as for TCP: there is no host that could be up, only a file that is there or not.
const unixCodes: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'CONNECT_SOCKET_MISSING'],
  ['ENOTDIR', 'CONNECT_SOCKET_MISSING'],
  ['ECONNREFUSED', 'CONNECT_SOCKET_REFUSED'],
  ['ENOTSOCK', 'CONNECT_SOCKET_REFUSED'],
])

/** A failed connection to a Unix socket. */
export function unixFailure(error: unknown): StageFailure {
  const code = unixCodes.get(systemCode(error))
  return code === undefined ? connectFailure(error) : new StageFailure(code, { reason: wordsOf(error) }, error)
}

const resets: ReadonlySet<string> = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE'])

/** Whether the peer, or the path, dropped the connection. */
export function isReset(error: unknown): boolean {
  return resets.has(systemCode(error))
}
