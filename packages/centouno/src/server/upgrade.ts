import type { Refusal, RequestJudgement } from '../protocol/handshake/judgement.ts'
import { buildSwitch } from '../protocol/handshake/build-response.ts'
import { judgeRequest } from '../protocol/handshake/judge-request.ts'
import { listElements } from '../protocol/http/field-lookup.ts'
import { refusalOf } from '../report/refusal.ts'
import { acceptExtensions } from '../socket/deflate/negotiate.ts'
import { isPromiseLike } from '../socket/handler-outcome.ts'
import { streamTransport } from '../transport/stream-transport.ts'
import { decide, type Decision } from './decide.ts'
import { type Endpoint, findEndpoint } from './endpoint.ts'
import { compressionOf, socketFlow } from './endpoint-flow.ts'
import { LazyAbort } from './lazy-abort.ts'
import { runHandlers } from './run-handlers.ts'
import { ServerSocket } from './server-socket.ts'
import { releaseHead, UpgradeRequest } from './upgrade-request.ts'
import { type Arrival, drainingRefusal, type UpgradeService } from './upgrade-service.ts'
import { waitForDecision, type Waited } from './waiting-client.ts'

/**
 * Takes a request from its head to an open socket, or to a refusal: check the rules, find the endpoint, decide, switch.
 * The one path for every way in. Never rejects; undefined when no socket came of it.
 */
export async function upgrade(service: UpgradeService, arrival: Arrival): Promise<ServerSocket | undefined> {
  const { head, secure, remoteAddress } = arrival
  const judgement = judgeRequest(head, service.policy(secure))
  const { verdicts } = judgement
  const refuse = (refusal: Refusal): undefined => void service.refuse(arrival, refusal, verdicts)
  if (!judgement.ok) return refuse(judgement.refusal)
  const { accepted } = judgement
  if (service.draining) return refuse(drainingRefusal())
  const found = findEndpoint(service.endpoints, accepted.path)
  if (!found) return refuse(refusalOf('SERVER_NO_ENDPOINT'))
  const { endpoint, params: captured } = found
  const leaving = new LazyAbort()
  const request = new UpgradeRequest({
    head,
    accepted,
    captured,
    bearer: endpoint.bearer,
    leaving,
    remoteAddress,
    secure,
  })
  service.admission.decides(arrival.stream, (refusal) => {
    refuse(refusal)
    leaving.abort(new DOMException('The server is shutting down.', 'AbortError'))
  })
  try {
    const waiting = decided(service, arrival, decide(endpoint, request, captured), leaving)
    const waited = isPromiseLike(waiting) ? await waiting : waiting
    if (waited.kind === 'gone') return undefined
    if (waited.kind === 'late') return refuse(authorizeTimeout(service))
    const { decision, early } = waited
    if (!decision.ok) return refuse(decision.refusal)
    // The client may have gone while it was being decided, or been refused.
    if (!service.admission.open(arrival.stream)) return undefined
    return switchProtocols(service, { arrival, early, endpoint, judgement, request, decision })
  } catch (error) {
    // Nobody is there to be told that the work for them was broken off, or they have been told why.
    if (leaving.aborted && isAbort(error))
      return arrival.stream.writableEnded ? undefined : void arrival.stream.destroy()
    refuse(refusalOf('SERVER_FAILED'))
    service.handlerFailed(error, { request, socket: undefined })
    return undefined
  }
}

/** Waits for a decision that is not there yet; one that is costs no waiting. */
function decided(
  service: UpgradeService,
  arrival: Arrival,
  decision: Decision | Promise<Decision>,
  leaving: LazyAbort,
): Waited<Decision> | Promise<Waited<Decision>> {
  if (!isPromiseLike(decision)) return { kind: 'decided', decision, early: arrival.early }
  return waitForDecision(arrival, decision, service.limits.authorizeTimeout, leaving)
}

function authorizeTimeout({ limits }: UpgradeService): Refusal {
  return refusalOf('SERVER_AUTHORIZE_TIMEOUT', {
    details: { limit: 'authorizeTimeout', value: limits.authorizeTimeout },
  })
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/** All that a connection begins with. */
interface Opening {
  readonly arrival: Arrival
  /** What came since the head. */
  readonly early: Uint8Array
  readonly endpoint: Endpoint
  readonly judgement: Extract<RequestJudgement, { readonly ok: true }>
  readonly request: UpgradeRequest
  readonly decision: Extract<Decision, { readonly ok: true }>
}

function switchProtocols(service: UpgradeService, opening: Opening): ServerSocket {
  const { arrival, early, request } = opening
  const { stream, secure, head } = arrival
  const { handlers } = opening.endpoint
  const {
    accepted: { key, extensions: offers },
    verdicts,
  } = opening.judgement
  const { data, subprotocol, fields } = opening.decision
  const compression = handlers.compression === undefined ? service.compression : compressionOf(handlers.compression)
  const agreed = acceptExtensions(offers, compression)
  const { extensions } = agreed
  const reply = buildSwitch({ key, subprotocol, extensions, fields })
  const { outgoing, streamFrom } = socketFlow(handlers, service.limits.messageBytes)
  // The 101 and the replies to frames that came with the request leave together, the 101 first.
  stream.cork()
  try {
    if (expectsContinue(head.fields)) stream.write(continueReply, 'latin1')
    stream.write(reply, 'latin1')
    const socket = new ServerSocket({
      transport: streamTransport(stream, secure ? 'tls' : 'tcp'),
      subprotocol,
      extensions,
      compression: agreed.compression,
      limits: service.limits,
      flow: service.limits,
      outgoing,
      streamFrom,
      traffic: service.counters.traffic,
      early,
      request,
      data,
    })
    service.opened(socket, verdicts)
    runHandlers(service, handlers, socket)
    releaseHead(request)
    return socket
  } catch (error) {
    // The 101 is on its way: nothing can be answered any more, and nobody would serve the connection.
    stream.destroy()
    throw error
  } finally {
    // The socket reads those frames in a microtask of its own, queued before this one.
    queueMicrotask(() => stream.uncork())
  }
}

/**
 * RFC 9110 §7.8: with both `Upgrade` and `Expect: 100-continue`, the 100 comes before the 101. Such a request gets this
 * far only where H-SRV-24 is relaxed.
 */
const continueReply = 'HTTP/1.1 100 Continue\r\n\r\n'

function expectsContinue(fields: Arrival['head']['fields']): boolean {
  return listElements(fields, 'Expect').some((expectation) => expectation.toLowerCase() === '100-continue')
}
