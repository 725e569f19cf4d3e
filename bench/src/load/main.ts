import { startedWith, takeOrders, tell } from '../measure/control-line.ts'
import type { LoadPlan } from '../measure/plan.ts'
import { echoLoad } from './echo.ts'

const load = await echoLoad(startedWith<LoadPlan>())

takeOrders(async (order) => ({ ...(await load.measure(Number(order['milliseconds']))) }))
tell({ port: load.port, cannot: load.cannot })
