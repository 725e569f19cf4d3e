import { formatExtensionList } from '../protocol/handshake/extension-list.ts'
import { streamTransport } from '../transport/stream-transport.ts'
import { formatAddress } from './address.ts'
import { Attempt } from './attempt.ts'
import { clientLimits } from './client-limits.ts'
import { ClientSocket } from './client-socket.ts'
import { defaultHandshakeTimeout } from './connect-options.ts'
import type { ConnectOptions } from './connect-options.ts'
import { EndWatch } from './end-watch.ts'
import { prepareRequest } from './prepare.ts'
import { StageFailure } from './stage-failure.ts'
import { connectTcp } from './stages/connect-tcp.ts'
import { resolveHost } from './stages/resolve.ts'
import { secureStream } from './stages/secure.ts'
import { upgrade } from './stages/upgrade.ts'

/**
 * Connects to a WebSocket server: resolves the name, connects, secures the connection for `wss:`, and makes the opening
 * handshake. Resolves with an open socket.
 *
 * Rejects with a ConnectError, whatever goes wrong: with the call, on the way, or with the server's reply. It names the
 * stage, a stable code, what happened and what to do, and carries the report of the whole attempt. No connection stays
 * open after a failure, nothing is retried and no redirect is followed.
 *
 * @param url `ws:` or `wss:`; `http:` and `https:` stand for the same. A fragment is refused (H-URI-03).
 */
export async function connect(url: string | URL, options: ConnectOptions = {}): Promise<ClientSocket> {
  const text = String(url)
  const handshakeTimeout = options.handshakeTimeout ?? defaultHandshakeTimeout
  const attempt = new Attempt({
    url: withoutUserInformation(text),
    timeout: isTimeout(handshakeTimeout) ? handshakeTimeout : defaultHandshakeTimeout,
    signal: options.signal,
    observe: options.observe,
  })
  try {
    if (!isTimeout(handshakeTimeout)) throw timeoutFailure(handshakeTimeout)
    return await establish(attempt, text, options)
  } catch (error) {
    throw attempt.fail(error)
  }
}

async function establish(attempt: Attempt, url: string, options: ConnectOptions): Promise<ClientSocket> {
  const limits = clientLimits(options.limits)
  const prepared = prepareRequest(url, options, attempt.recorder)
  const { uri } = prepared
  attempt.known = { url: uri.href, host: uri.host, port: uri.port, address: formatAddress(uri.host, uri.port) }
  const addresses = await resolveHost(attempt, uri)
  const tcp = await connectTcp(attempt, uri, addresses)
  const stream = uri.secure ? await secureStream(attempt, uri, tcp, options.tls ?? {}) : tcp
  const { accepted, early } = await upgrade(attempt, stream, prepared)
  // An observer may have aborted while the last stage was being told.
  attempt.proceed()
  const { subprotocol, extensions } = accepted
  const facts = {
    ...(subprotocol === '' ? {} : { subprotocol }),
    ...(extensions.length === 0 ? {} : { extensions: formatExtensionList(extensions) }),
  }
  const watch = new EndWatch(attempt.recorder, facts, early.length)
  attempt.succeed(facts)
  const transport = streamTransport(stream, uri.secure ? 'tls' : 'tcp')
  return new ClientSocket({ transport, subprotocol, extensions, limits, early }, watch)
}

// What a timer of Node can wait for; beyond, it would strike at once.
const longestTimeout = 0x7fff_ffff

function isTimeout(value: number): boolean {
  return value > 0 && value <= longestTimeout
}

function timeoutFailure(value: number): StageFailure {
  return new StageFailure('OPTIONS_INVALID', { reason: `handshakeTimeout is ${value}, not 1 to ${longestTimeout} ms` })
}

/** A report ends up in logs, where a password must not be (the URL will be refused for it: H-URI-02). */
function withoutUserInformation(url: string): string {
  return url.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1')
}
