import { judgeUri } from '../protocol/handshake/judge-uri.ts'
import { readWebSocketUri } from '../protocol/handshake/websocket-uri.ts'
import { formatAddress } from './address.ts'
import { Attempt } from './attempt.ts'
import { callFault, harmless, urlText } from './check-options.ts'
import { defaultHandshakeTimeout } from './connect-options.ts'
import type { ConnectOptions } from './connect-options.ts'
import { Passage } from './passage.ts'
import { reach } from './reach.ts'
import { routeTo } from './route.ts'
import { shownUrl } from './shown-url.ts'
import { StageFailure, wordsOf } from './stage-failure.ts'
import { secureStream } from './stages/secure.ts'

/** How the server is reached, and who is told. The `signal` gives up only what comes before the passage. */
export type PassageOptions = Pick<ConnectOptions, 'handshakeTimeout' | 'observe' | 'proxy' | 'signal' | 'tls' | 'wire'>

/**
 * Reaches a WebSocket server for somebody else, who makes the opening handshake: the stages up to TLS are walked and told as
 * `connect` does. What is sent then is up to the caller.
 *
 * @param server `ws:`, `wss:`, `http:` or `https:`; what follows the port is not looked at.
 * @param target What will be asked for, to be told.
 * @throws ConnectError
 */
export async function openPassage(
  server: string | URL,
  target: string = '/',
  options: PassageOptions = {},
): Promise<Passage> {
  const fault = callFault(server, options)
  const call = fault === undefined ? options : harmless(options)
  const attempt = new Attempt({
    url: shownUrl(urlOf(urlText(server), target)),
    timeout: call.handshakeTimeout ?? defaultHandshakeTimeout,
    signal: call.signal,
    observe: call.observe,
    wire: call.wire,
  })
  try {
    if (fault !== undefined) throw new StageFailure('OPTIONS_INVALID', { reason: wordsOf(new Error(fault)) })
    const reading = readWebSocketUri(urlText(server))
    attempt.recorder.judged(judgeUri(reading))
    if (!reading.ok) throw new StageFailure('URI_INVALID', { rule: reading.rule, found: reading.found })
    const uri = { ...reading.uri, resource: target }
    attempt.known = { ...attempt.known, host: uri.host, port: uri.port, address: formatAddress(uri.host, uri.port) }
    const plain = await reach(attempt, uri, routeTo(uri, call, undefined, process.env), undefined)
    const stream = uri.secure ? await secureStream(attempt, uri, plain, call.tls ?? {}) : plain
    attempt.proceed()
    attempt.handOver()
    return new Passage(attempt, uri, stream)
  } catch (failure) {
    throw attempt.fail(failure)
  }
}

/** A target that is no path is told with the server alone: what it was stands in the request. */
function urlOf(server: string, target: string): string {
  try {
    const { protocol, host } = new URL(server)
    return host === '' ? server : `${protocol}//${host}${target.startsWith('/') ? target : '/'}`
  } catch {
    return server
  }
}
