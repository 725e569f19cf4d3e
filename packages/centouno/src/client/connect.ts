import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ConnectionReport } from '../report/connection-report.ts'
import { redactTarget } from '../report/redaction.ts'
import { agreedCompression, offeredExtensions } from '../socket/deflate/negotiate.ts'
import { shareReading } from '../transport/shared-reading.ts'
import { streamTransport } from '../transport/stream-transport.ts'
import { formatAddress } from './address.ts'
import { agreedFacts } from '../report/agreed-facts.ts'
import { Announcer } from './announcer.ts'
import { Attempt } from './attempt.ts'
import { callFault, harmless, urlText } from './check-options.ts'
import { clientCompression, clientFlow, clientLimits } from './client-limits.ts'
import { ClientSocket } from './client-socket.ts'
import { defaultHandshakeTimeout } from './connect-options.ts'
import type { ConnectOptions } from './connect-options.ts'
import { EndWatch } from './end-watch.ts'
import { prepareRequest } from './prepare.ts'
import type { PreparedRequest } from './prepare.ts'
import { reach } from './reach.ts'
import { follow, RedirectFailure } from './redirect.ts'
import type { Leg } from './redirect.ts'
import { routeTo } from './route.ts'
import { shownUrl } from './shown-url.ts'
import { StageFailure, wordsOf } from './stage-failure.ts'
import { secureStream } from './stages/secure.ts'
import { upgrade } from './stages/upgrade.ts'
import type { Upgraded } from './stages/upgrade.ts'
import { explainSilence } from './tls-probe.ts'
import { destinationOf } from './unix-url.ts'
import { isSocket } from './watched-stream.ts'

/**
 * Connects to a WebSocket server: resolves the name, connects, asks a proxy for a tunnel if there is one, secures the
 * connection for `wss:`, and makes the opening handshake. Resolves with an open socket.
 *
 * Rejects with a ConnectError, whatever goes wrong: with the call, on the way, or with the server's reply. It names the
 * stage, a stable code, what happened and what to do, and carries the report of the whole attempt. No connection stays
 * open after a failure, nothing is retried, and redirects are followed only on request.
 *
 * @param url `ws:` or `wss:`; `http:` and `https:` stand for the same. A fragment is refused (H-URI-03).
 *   `ws+unix:/path/of/socket:/resource` connects to a Unix socket.
 */
export async function connect(url: string | URL, options: ConnectOptions = {}): Promise<ClientSocket> {
  const fault = callFault(url, options)
  const call = fault === undefined ? options : harmless(options)
  const timeout = call.handshakeTimeout ?? defaultHandshakeTimeout
  const began = performance.now()
  const earlier: ConnectionReport[] = []
  let leg: Leg = { url: urlText(url), socketPath: call.socketPath, options: call }
  for (;;) {
    const shown = shownUrl(leg.url)
    const announcer = new Announcer(redactTarget(shown))
    const traced = announcer.start(leg.options)
    const attempt = new Attempt({
      url: shown,
      timeout,
      timeLeft: timeout - (performance.now() - began),
      signal: call.signal,
      observe: announcer.observer(call.observe),
      wire: call.wire,
      earlier,
    })
    try {
      if (fault !== undefined) throw new StageFailure('OPTIONS_INVALID', { reason: wordsOf(new Error(fault)) })
      leg = arranged(leg, traced)
      const socket = await establish(attempt, leg)
      announcer.opened(socket)
      return socket
    } catch (failure) {
      const next = afterwards(failure, leg, earlier.length)
      const error = attempt.fail(next instanceof StageFailure ? next : failure)
      announcer.verdict(() => error.report)
      if (next === undefined || next instanceof StageFailure) throw error
      earlier.push(error.report)
      leg = next
    }
  }
}

/** The same with these options, a URL for a Unix socket taken apart. */
function arranged({ url, socketPath }: Leg, options: ConnectOptions): Leg {
  return { ...destinationOf(url, socketPath), options }
}

/** What follows a failure: another attempt, a failure that says more, or nothing. */
function afterwards(failure: unknown, leg: Leg, followed: number): Leg | StageFailure | undefined {
  return failure instanceof RedirectFailure && (leg.options.redirects ?? 0) > 0
    ? follow(failure, leg, followed)
    : undefined
}

async function establish(attempt: Attempt, { url, socketPath, options }: Leg): Promise<ClientSocket> {
  const limits = clientLimits(options.limits)
  const flow = clientFlow(options)
  const compressing = clientCompression(options)
  const prepared = prepareRequest(url, options, offeredExtensions(compressing), attempt.recorder)
  const { uri } = prepared
  attempt.known = { ...attempt.known, host: uri.host, port: uri.port, address: formatAddress(uri.host, uri.port) }
  const route = routeTo(uri, options, socketPath, process.env)
  const plain = await reach(attempt, uri, route, options.connecting)
  const stream = uri.secure ? await secureStream(attempt, uri, plain, options.tls ?? {}) : plain
  const looksCloser = route.kind === 'direct' && !uri.secure && options.explainSilence !== false
  const { accepted, early: glued, cookies } = await upgradeExplained(attempt, stream, prepared, looksCloser)
  // An observer may have aborted while the last stage was being told.
  attempt.proceed()
  const { subprotocol, extensions } = accepted
  const facts = agreedFacts(accepted)
  // Whoever watches the bytes knows the stream that they went through so far.
  const successor = attempt.wire === undefined ? shareReading(stream) : undefined
  const early = successor === undefined ? glued : Buffer.concat([glued, successor.early])
  const watch = new EndWatch(attempt.recorder, facts, early.length)
  attempt.succeed(facts)
  const transport = streamTransport(successor?.stream ?? stream, uri.secure ? 'tls' : 'tcp', attempt.watchedSocket)
  const compression = agreedCompression(extensions, compressing)
  return new ClientSocket({ transport, subprotocol, extensions, limits, early, compression, ...flow }, watch, cookies)
}

/** The stage `upgrade`, with a closer look at a server that hangs up on it. */
async function upgradeExplained(
  attempt: Attempt,
  stream: Duplex,
  prepared: PreparedRequest,
  looksCloser: boolean,
): Promise<Upgraded> {
  // A socket that was reset no longer knows where it had been connected to.
  const { remoteAddress, remotePort } = isSocket(stream) ? stream : new Socket()
  try {
    return await upgrade(attempt, stream, prepared)
  } catch (failure) {
    if (!looksCloser || remoteAddress === undefined || remotePort === undefined) throw failure
    throw await explainSilence(attempt, failure, { host: remoteAddress, port: remotePort }, prepared.uri.host)
  }
}
