import type { LoadPlan } from '../measure/plan.ts'
import { openConnections } from './connection.ts'
import { countedReply } from './counted-reply.ts'
import { Exchange } from './exchange.ts'
import { buildFrame, repeated, samplePayload } from './frames.ts'
import type { Load } from './load.ts'

/** Each connection writes one burst in one write, and the next as soon as all of it has come back. */
export async function echoLoad(plan: LoadPlan): Promise<Load> {
  const { payload, burst, framed } = plan
  const message = samplePayload(payload)
  const out = repeated(framed ? buildFrame(message, { text: plan.text, masked: true }) : message, burst)
  const back = framed ? burst : burst * payload
  const connections = await openConnections(plan, plan.connections)
  return new Exchange(
    connections.map((connection) => countedReply(connection, out, back)),
    burst,
    plan.busy,
  )
}
