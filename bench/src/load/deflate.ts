import type { LoadCount, LoadPlan } from '../measure/plan.ts'
import { compressedFrames, sampleJson } from './compressed-messages.ts'
import { type LoadConnection, openConnections } from './connection.ts'
import { Exchange, type Exchanger } from './exchange.ts'
import type { Load } from './load.ts'

const differentMessages = 64

/** The offer of a client that takes what it gets. */
export const deflateOffer = 'permessage-deflate'

/** Echo of compressed JSON, one message in flight per connection; tells how far the peer compressed it. */
export async function deflateLoad(plan: LoadPlan): Promise<Load> {
  const connections = await openConnections({ ...plan, extensions: deflateOffer }, plan.connections)
  const head = connections[0]?.head ?? ''
  const cannot = declinesDeflate(head)
  if (cannot !== undefined) return { cannot, measure: () => Promise.reject(new Error(cannot)) }
  const messages = sampleJson(differentMessages, plan.payload)
  const frames = await compressedFrames(messages, !head.includes('client_no_context_takeover'))
  const exchange = new Exchange(
    connections.map((connection) => inTurn(connection, frames)),
    1,
  )
  const meanLength = messages.reduce((sum, message) => sum + message.length, 0) / messages.length
  const received = (): number => connections.reduce((sum, { walker }) => sum + (walker?.payloadBytes ?? 0), 0)
  return {
    async measure(milliseconds: number): Promise<LoadCount> {
      const before = received()
      const count = await exchange.measure(milliseconds)
      return { ...count, ratio: (received() - before) / (count.messages * meanLength) }
    },
  }
}

/** Why there is no compression on this connection; undefined when there is. */
export function declinesDeflate(head: string): string | undefined {
  return /^sec-websocket-extensions:.*permessage-deflate/im.test(head) ? undefined : 'permessage-deflate is not offered'
}

function inTurn(connection: LoadConnection, frames: readonly Buffer[]): Exchanger {
  let turn = 0
  const exchanger: Exchanger = {
    send() {
      connection.socket.write(frames[turn++ % frames.length] ?? '')
    },
    whenAnswered() {},
  }
  connection.whenReceived = () => exchanger.whenAnswered()
  return exchanger
}
