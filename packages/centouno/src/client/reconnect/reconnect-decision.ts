import type { Closing } from '../../protocol/connection/closing.ts'
import { ConnectError } from '../connect-error.ts'
import { asked, backoff } from './reconnect-delays.ts'
import type { DelayRange, ReconnectDelays } from './reconnect-delays.ts'
import { retryAfter, retryAfterInReason } from './server-hints.ts'

/** How a connection, or the attempt to make one, came to its end. */
export type ConnectionEnd =
  /** It was open. */
  | { readonly kind: 'closed'; readonly closing: Closing }
  /** It did not open. Another error than a ConnectError comes from the caller's own functions. */
  | { readonly kind: 'failed'; readonly error: Error }

/** Why it is tried again when it is. */
export type RetryReason = 'backoff' | 'retry-after' | 'service-restart' | 'try-again-later'

/** When to try again, and why then. */
export interface NextTry {
  readonly delay: DelayRange
  readonly why: RetryReason
}

/** What the next try depends on, besides the end. */
export interface Circumstances {
  /** How many times in a row it went wrong, this time included. */
  readonly failures: number
  readonly delays: ReconnectDelays
  /** Milliseconds since 1970. */
  readonly now: number
}

/*
 * Status codes of a Close after which coming back is not wanted: it was meant to end (1000), what this client does is not
 * allowed (1008), or it lacks an extension and will lack it again (1010).
 */
const finalStatusCodes: ReadonlySet<number> = new Set([1000, 1008, 1010])
/** Among the codes applications may use, a usual convention (Pusher's) says "do not come back" with these. */
const finalApplicationCodes = { from: 4000, to: 4099 }

const serviceRestart = 1012
const tryAgainLater = 1013
/** What the registry of status codes advises for 1012. */
const serviceRestartDelay: DelayRange = { from: 5_000, to: 30_000 }

/*
 * Failures that the same attempt would meet again: something is wrong with the call, or the server has said no to it.
 * A server that is down, overloaded or misconfigured is not among them, its certificate included: it gets mended while
 * clients wait.
 */
const finalCodes: ReadonlySet<string> = new Set([
  'ABORTED',
  'OPTIONS_INVALID',
  'PROXY_AUTH_REQUIRED',
  'PROXY_INVALID',
  'SECURE_CLIENT_CERTIFICATE',
  'SECURE_OPTIONS',
  'SOCKS_AUTH_FAILED',
  'SOCKS_NO_METHOD',
  'UNEXPECTED',
  'UPGRADE_BAD_REQUEST',
  'UPGRADE_FORBIDDEN',
  'UPGRADE_METHOD_NOT_ALLOWED',
  'UPGRADE_NOT_FOUND',
  'UPGRADE_PROXY_AUTH',
  'UPGRADE_REDIRECT',
  'UPGRADE_REDIRECT_INSECURE',
  'UPGRADE_REDIRECT_INVALID',
  'UPGRADE_REDIRECT_LIMIT',
  'UPGRADE_TLS_EXPECTED',
  'UPGRADE_UNAUTHORIZED',
  'UPGRADE_UPGRADE_REQUIRED',
  'URI_INVALID',
])

/** Whether an end is for good as far as the codes say. */
export function isFinal(end: ConnectionEnd): boolean {
  if (end.kind === 'failed') return end.error instanceof ConnectError && finalCodes.has(end.error.code)
  // Both count: 1000 may be ours or theirs, and who said it last is of no importance.
  return [end.closing.sent?.code, end.closing.received?.code].some(isFinalStatusCode)
}

function isFinalStatusCode(code: number | undefined): boolean {
  if (code === undefined) return false
  return finalStatusCodes.has(code) || (code >= finalApplicationCodes.from && code <= finalApplicationCodes.to)
}

/** When to try again after an end that is not for good. */
export function nextTry(end: ConnectionEnd, { failures, delays, now }: Circumstances): NextTry {
  const hint = hintOf(end, now)
  if (hint !== undefined) return { delay: asked(hint, delays), why: 'retry-after' }
  const code = end.kind === 'closed' ? end.closing.received?.code : undefined
  if (code === serviceRestart) return { delay: serviceRestartDelay, why: 'service-restart' }
  // An overloaded server: as careful as after many failures.
  if (code === tryAgainLater) {
    return { delay: { from: delays.longest / 2, to: delays.longest }, why: 'try-again-later' }
  }
  return { delay: backoff(failures, delays), why: 'backoff' }
}

function hintOf(end: ConnectionEnd, now: number): number | undefined {
  if (end.kind === 'closed') return retryAfterInReason(end.closing.received?.reason ?? '')
  return end.error instanceof ConnectError ? retryAfter(end.error.report, now) : undefined
}
