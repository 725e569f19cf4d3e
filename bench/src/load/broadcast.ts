import type { LoadPlan } from '../measure/plan.ts'
import { openConnections } from './connection.ts'
import { Exchange, type Exchanger } from './exchange.ts'
import { buildFrame, repeated, samplePayload } from './frames.ts'
import type { Load } from './load.ts'

/** One connection speaks, all hear it, the speaker too; it speaks again when all have heard. A message is one delivery. */
export async function broadcastLoad(plan: LoadPlan): Promise<Load> {
  const { payload, burst, connections: audience } = plan
  const out = repeated(buildFrame(samplePayload(payload), { text: plan.text, masked: true }), burst)
  const back = audience * burst
  const connections = await openConnections(plan, audience)
  let missing = 0
  const speaker: Exchanger = {
    send() {
      missing = back
      connections[0]?.socket.write(out)
    },
    whenAnswered() {},
  }
  for (const connection of connections) {
    connection.whenReceived = (count) => {
      missing -= count
      if (missing === 0) speaker.whenAnswered()
    }
  }
  return new Exchange([speaker], audience * burst)
}
