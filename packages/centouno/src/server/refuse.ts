import type { Field } from '../protocol/http/head.ts'
import type { Refusal } from '../protocol/handshake/judgement.ts'
import { buildRefusal } from '../protocol/handshake/build-response.ts'
import { refusalByApplication } from '../report/refusal.ts'
import { ServerInputError } from './server-errors.ts'

/** What `refuse` makes: a handshake that will be answered with an ordinary HTTP response instead of a 101. */
export class Refused {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    this.refusal = refusal
  }
}

/** Statuses that end a request; a 1xx or 2xx would not tell a client that it was refused. */
const lowestStatus = 300
const highestStatus = 599

/** Fields without which a status breaks RFC 9110; set unless the caller sets them. */
const obliged: ReadonlyMap<number, Field> = new Map([
  // RFC 9110 §15.5.2
  [401, { name: 'WWW-Authenticate', value: 'Bearer' }],
  // RFC 9110 §15.5.6
  [405, { name: 'Allow', value: 'GET' }],
  // RFC 9110 §15.5.22
  [426, { name: 'Upgrade', value: 'websocket' }],
])

/** Set by the response itself. */
const ownFields: ReadonlySet<string> = new Set(['connection', 'content-length', 'content-type', 'transfer-encoding'])

/**
 * Refuses a handshake from `authorize`: return what this returns. The client gets the status and the reason as text,
 * and the connection is closed.
 *
 * @param status 300 to 599. A 401 gets `WWW-Authenticate: Bearer`, a 405 `Allow` and a 426 `Upgrade` unless you set them.
 * @param reason One sentence for whoever reads the response.
 * @param fields More fields, such as `{ 'Retry-After': '30' }` or `{ Location: 'wss://…' }`.
 * @throws ServerInputError (`REFUSAL`) for a status that is no refusal or a field that is set by the response itself,
 *   HandshakeInputError for a field that cannot be sent.
 */
export function refuse(status: number, reason: string, fields: Readonly<Record<string, string>> = {}): Refused {
  if (!Number.isInteger(status) || status < lowestStatus || status > highestStatus) {
    throw wrong(`${status} is no status that refuses; use one from ${lowestStatus} to ${highestStatus}`)
  }
  const list = Object.entries(fields).map(([name, value]): Field => {
    if (ownFields.has(name.toLowerCase())) throw wrong(`the field ${name} is set by the response itself`)
    return { name, value }
  })
  const extra = obliged.get(status)
  const missing = extra && !list.some((field) => field.name.toLowerCase() === extra.name.toLowerCase())
  const refusal = refusalByApplication(status, reason, missing ? [...list, extra] : list)
  // Once for its errors: a field that cannot be sent is to be found here, not when the response goes out.
  buildRefusal(refusal)
  return new Refused(refusal)
}

function wrong(why: string): ServerInputError {
  return new ServerInputError('REFUSAL', `This refusal cannot be sent: ${why}.`)
}
