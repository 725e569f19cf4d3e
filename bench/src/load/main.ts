import { type Line, startedWith, takeOrders, tell } from '../measure/control-line.ts'
import type { LoadPlan } from '../measure/plan.ts'
import { broadcastLoad } from './broadcast.ts'
import { deflateLoad } from './deflate.ts'
import { echoLoad } from './echo.ts'
import { handshakeLoad } from './handshake.ts'
import { IdleLoad } from './idle.ts'
import type { Load } from './load.ts'
import { clientLoad } from './serve-clients.ts'
import { streamLoad } from './stream.ts'

const plan = startedWith<LoadPlan>()

if (plan.kind === 'idle' || plan.kind === 'idle-compressed') holdConnections(new IdleLoad(plan))
else takeMeasurements(await start(plan))

function holdConnections(idle: IdleLoad): void {
  takeOrders(async (order) => ({ cannot: await idle.open(Number(order['connections'])) }))
  tell({})
}

function takeMeasurements(load: Load): void {
  takeOrders(async (order): Promise<Line> => ({ ...(await load.measure(Number(order['milliseconds']))) }))
  tell({ port: load.port, cannot: load.cannot })
}

async function start(asked: LoadPlan): Promise<Load> {
  switch (asked.kind) {
    case 'broadcast':
      return broadcastLoad(asked)
    case 'handshake':
      return handshakeLoad(asked)
    case 'deflate':
      return deflateLoad(asked)
    case 'stream':
      return streamLoad(asked)
    case 'flood':
    case 'sink':
      return clientLoad(asked)
    default:
      return echoLoad(asked)
  }
}
