import { chooseSubprotocol } from '../protocol/handshake/subprotocol.ts'
import type { EndpointHandlers } from './endpoint.ts'
import { ServerInputError } from './server-errors.ts'
import type { UpgradeRequest } from './upgrade-request.ts'

/**
 * The agreed subprotocol; empty for none.
 *
 * @throws ServerInputError (`SUBPROTOCOL`) when a function chose one that was not offered (H-SRV-09), and what the
 *   function throws.
 */
export function agreeSubprotocol(supported: EndpointHandlers['subprotocols'], request: UpgradeRequest): string {
  const { subprotocols: offered } = request
  if (typeof supported !== 'function') return chooseSubprotocol(offered, supported ?? [])
  const chosen = supported(offered, request) ?? ''
  if (chosen === '' || offered.includes(chosen)) return chosen
  throw new ServerInputError(
    'SUBPROTOCOL',
    `The function \`subprotocols\` chose ${JSON.stringify(chosen)}, which the client did not offer. Return one of those ` +
      'offered, or undefined for none.',
  )
}
