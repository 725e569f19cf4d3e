import type { Refusal } from '../protocol/handshake/judgement.ts'
import type { Field } from '../protocol/http/head.ts'
import { isPromiseLike } from '../socket/handler-outcome.ts'
import { Accepted } from './accept.ts'
import type { Endpoint } from './endpoint.ts'
import type { InputsReading } from './parameters/endpoint-inputs.ts'
import { parameterRefusal } from './parameters/parameter-refusal.ts'
import { Refused } from './refuse.ts'
import { agreeSubprotocol } from './agree-subprotocol.ts'
import { provideInputs, type UpgradeRequest } from './upgrade-request.ts'

/** What an endpoint makes of a request: accepted, with what goes into the 101, or refused. */
export type Decision =
  | { readonly ok: true; readonly data: unknown; readonly subprotocol: string; readonly fields: readonly Field[] }
  | { readonly ok: false; readonly refusal: Refusal }

/**
 * Reads the parameters, asks `authorize`, and agrees on a subprotocol. Waits only where a schema or `authorize` does, and
 * throws or rejects with what they throw.
 */
export function decide(
  endpoint: Endpoint,
  request: UpgradeRequest,
  captured: Readonly<Record<string, string>>,
): Decision | Promise<Decision> {
  const reading = endpoint.inputs.read(request, captured)
  return isPromiseLike(reading)
    ? reading.then((settled) => authorized(endpoint, request, settled))
    : authorized(endpoint, request, reading)
}

function authorized(endpoint: Endpoint, request: UpgradeRequest, reading: InputsReading): Decision | Promise<Decision> {
  if (!reading.ok) return { ok: false, refusal: parameterRefusal(reading.problems) }
  if (reading.inputs) provideInputs(request, reading.inputs)
  const { handlers } = endpoint
  const answer = handlers.authorize?.(request)
  return isPromiseLike(answer)
    ? Promise.resolve(answer).then((settled) => concluded(endpoint, request, settled))
    : concluded(endpoint, request, answer)
}

function concluded({ handlers }: Endpoint, request: UpgradeRequest, answer: unknown): Decision {
  if (answer instanceof Refused) return { ok: false, refusal: answer.refusal }
  const { data, fields } = answer instanceof Accepted ? answer : { data: answer, fields: [] }
  return { ok: true, data, fields, subprotocol: agreeSubprotocol(handlers.subprotocols, request) }
}
