import type { LoadCount, LoadPlan } from '../measure/plan.ts'
import { openConnections } from './connection.ts'
import { Exchange, type Exchanger } from './exchange.ts'
import { buildFrame, samplePayload } from './frames.ts'
import type { Load } from './load.ts'

const frameBytes = 64 * 1024
/** What may wait in this process, so that a message of a gigabyte never exists as a whole. */
const waitingBytes = 4 * 1024 * 1024

/** Messages in fragments of 64 KiB; the peer reads each as a stream and answers when it has ended. Counted in fragments. */
export async function streamLoad(plan: LoadPlan): Promise<Load> {
  const [connection] = await openConnections(plan, 1)
  if (!connection) throw new Error('No connection was made.')
  const { socket } = connection
  const fragments = Math.ceil(plan.payload / frameBytes)
  const payload = samplePayload(Math.min(frameBytes, plan.payload))
  const fragment = (first: boolean, last: boolean): Buffer =>
    buildFrame(payload, { text: false, masked: true, continuation: !first, fin: last })
  const frames = { first: fragment(true, fragments === 1), middle: fragment(false, false), last: fragment(false, true) }
  let sent = fragments

  const sendMore = (): void => {
    while (sent < fragments && socket.writableLength < waitingBytes) {
      sent++
      socket.write(sent === 1 ? frames.first : sent === fragments ? frames.last : frames.middle)
    }
  }
  const exchanger: Exchanger = {
    send() {
      sent = 0
      sendMore()
    },
    whenAnswered() {},
  }
  socket.on('drain', sendMore)
  connection.whenReceived = () => exchanger.whenAnswered()
  const exchange = new Exchange([exchanger], fragments)
  return { measure: (milliseconds: number): Promise<LoadCount> => exchange.measure(milliseconds) }
}
