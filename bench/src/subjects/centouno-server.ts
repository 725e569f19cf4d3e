import { broadcast, endpoint, listen, type MessageStream, type ServerSocket } from 'centouno'
import type { SubjectPlan } from '../measure/plan.ts'
import { certificate } from './certificate.ts'
import { runSubject } from './subject.ts'

await runSubject(async (plan) => ({ port: await serve(plan), version: `Node ${process.version}` }))

async function serve(plan: SubjectPlan): Promise<number> {
  const server = await listen(
    {
      port: 0,
      host: '127.0.0.1',
      // Defaults, but for what a mode sends that is larger than they let in.
      limits: plan.payload > 1024 * 1024 ? { messageBytes: plan.payload } : {},
      compression: plan.deflate,
      ...(plan.tls ? { tls: await certificate() } : {}),
    },
    plan.role === 'stream'
      ? endpoint('/', { streamFrom: 1, stream: countBytes })
      : endpoint('/', {
          message:
            plan.role === 'broadcast'
              ? (_socket, data) => broadcast(server.sockets, data)
              : (socket, data) => void socket.send(data),
        }),
  )
  return server.port
}

async function countBytes(socket: ServerSocket, message: MessageStream): Promise<void> {
  let bytes = 0
  for await (const piece of message) bytes += piece.length
  void socket.send(String(bytes).padStart(20, '0'))
}
