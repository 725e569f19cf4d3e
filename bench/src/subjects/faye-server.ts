import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { SubjectPlan } from '../measure/plan.ts'
import { certificate } from './certificate.ts'
import { type FayeSocket, loadFaye } from './faye.ts'
import { runSubject } from './subject.ts'

const { Server, version } = loadFaye()

await runSubject(async (plan) => ({ port: await serve(plan), version }))

async function serve(plan: SubjectPlan): Promise<number> {
  const sockets = new Set<FayeSocket>()
  const http = plan.tls ? createHttpsServer(await certificate()) : createHttpServer()
  http.on('upgrade', (request, stream, head) => {
    const socket = new Server(request, stream, head)
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', ({ data }) => {
      if (plan.role === 'broadcast') for (const other of sockets) other.send(data)
      else socket.send(data)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return (http.address() as AddressInfo).port
}
