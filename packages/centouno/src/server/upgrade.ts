import type { AcceptedRequest } from '../protocol/handshake/judgement.ts'
import { buildSwitch } from '../protocol/handshake/build-response.ts'
import { judgeRequest } from '../protocol/handshake/judge-request.ts'
import { chooseSubprotocol } from '../protocol/handshake/subprotocol.ts'
import { listElements } from '../protocol/http/field-lookup.ts'
import { refusalOf } from '../report/refusal.ts'
import { isPromiseLike } from '../socket/delivery.ts'
import { streamTransport } from '../transport/stream-transport.ts'
import { type Endpoint, findEndpoint } from './endpoint.ts'
import { Refused } from './refuse.ts'
import { runHandlers } from './run-handlers.ts'
import { ServerSocket } from './server-socket.ts'
import { UpgradeRequest } from './upgrade-request.ts'
import type { Arrival, UpgradeService } from './upgrade-service.ts'

/**
 * Takes a request from its head to an open socket, or to a refusal: check the rules, find the endpoint, authorize,
 * switch. The one path for every way in. Never rejects.
 */
export async function upgrade(service: UpgradeService, arrival: Arrival): Promise<void> {
  const { head, stream, secure, remoteAddress } = arrival
  const judgement = judgeRequest(head, service.policy(secure))
  if (!judgement.ok) return service.refuse(arrival, judgement.refusal, judgement.verdicts)
  const { accepted, verdicts } = judgement
  if (service.closing) return service.refuse(arrival, refusalOf('SERVER_DRAINING'), verdicts)
  const found = findEndpoint(service.endpoints, accepted.path)
  if (!found) return service.refuse(arrival, refusalOf('SERVER_NO_ENDPOINT'), verdicts)
  const request = new UpgradeRequest({ head, accepted, params: found.params, remoteAddress, secure })
  try {
    const decision = found.endpoint.handlers.authorize?.(request)
    const data = isPromiseLike(decision) ? await decision : decision
    if (data instanceof Refused) return service.refuse(arrival, data.refusal, verdicts)
    service.handshakes.delete(stream)
    // The client may have gone while it was being decided.
    if (!stream.destroyed) switchProtocols(service, arrival, found.endpoint, accepted, request, data)
  } catch (error) {
    service.refuse(arrival, refusalOf('SERVER_FAILED'), verdicts)
    service.handlerFailed(error, { request, socket: undefined })
  }
}

function switchProtocols(
  service: UpgradeService,
  { stream, secure, head, early }: Arrival,
  { handlers }: Endpoint,
  accepted: AcceptedRequest,
  request: UpgradeRequest,
  data: unknown,
): void {
  const subprotocol = chooseSubprotocol(accepted.subprotocols, handlers.subprotocols ?? [])
  const reply = buildSwitch({ key: accepted.key, subprotocol, extensions: [], fields: [] })
  // The 101 and the replies to frames that came with the request leave together, the 101 first.
  stream.cork()
  try {
    if (expectsContinue(head.fields)) stream.write(continueReply, 'latin1')
    stream.write(reply, 'latin1')
    const socket = new ServerSocket({
      transport: streamTransport(stream, secure ? 'tls' : 'tcp'),
      subprotocol,
      extensions: [],
      limits: service.limits,
      flow: service.limits,
      early,
      request,
      data,
    })
    service.sockets.add(socket)
    void socket.closed.then(() => service.sockets.delete(socket))
    runHandlers(service, handlers, socket)
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
