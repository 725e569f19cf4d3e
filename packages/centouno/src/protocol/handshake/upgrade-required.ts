import type { Field } from '../http/head.ts'
import type { RefusalAnswer } from './rule-row.ts'

/** The one version of the protocol (RFC 6455 §4.1(9)); the drafts before it have numbers of their own. */
export const protocolVersion = '13'

const fields: readonly Field[] = [
  { name: 'Upgrade', value: 'websocket' },
  // RFC 9110 §7.8: whoever sends `Upgrade` also lists it here.
  { name: 'Connection', value: 'Upgrade' },
  { name: 'Sec-WebSocket-Version', value: protocolVersion },
]

/**
 * 426, for a request that does not ask for this protocol or not for this version of it: with the protocol that would do
 * (H-SRV-19) and the version (H-SRV-07, H-VER-01).
 */
export const upgradeRequired: RefusalAnswer = { status: 426, fields }
