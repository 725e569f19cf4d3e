import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { certificate } from './certificate.ts'
import type { SubjectPlan } from '../measure/plan.ts'
import { runSubject } from './subject.ts'

const { version } = createRequire(import.meta.url)('ws/package.json') as { version: string }

await runSubject(async (plan) => ({ port: await serve(plan), version: `ws ${version}` }))

async function serve(plan: SubjectPlan): Promise<number> {
  const http = plan.tls ? createHttpsServer(await certificate()) : createHttpServer()
  const server = new WebSocketServer({
    server: http,
    perMessageDeflate: plan.level === undefined ? plan.deflate : { zlibDeflateOptions: { level: plan.level } },
  })
  server.on('connection', (socket) => {
    socket.on('error', () => socket.terminate())
    if (plan.role === 'broadcast') {
      socket.on('message', (data, binary) => {
        for (const client of server.clients) client.send(data, { binary })
      })
    } else {
      socket.on('message', (data, binary) => socket.send(data, { binary }))
    }
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return (http.address() as AddressInfo).port
}
