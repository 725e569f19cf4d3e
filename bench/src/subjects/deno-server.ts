import type { SubjectPlan } from '../measure/plan.ts'
import { certificate } from './certificate.ts'
import { runSubject } from './subject.ts'

// As much of Deno's types as is used here.
interface DenoSocket {
  binaryType: 'arraybuffer'
  onopen: () => void
  onclose: () => void
  onmessage: (event: { data: string | ArrayBuffer }) => void
  send(data: string | ArrayBuffer): void
}

declare const Deno: {
  readonly version: { readonly deno: string }
  serve(options: unknown, answer: (request: Request) => Response): { readonly addr: { readonly port: number } }
  upgradeWebSocket(request: Request, options: unknown): { socket: DenoSocket; response: Response }
}

await runSubject(async (plan) => ({ port: await serve(plan), version: `Deno ${Deno.version.deno}` }))

async function serve(plan: SubjectPlan): Promise<number> {
  const sockets = new Set<DenoSocket>()
  const options = { port: 0, hostname: '127.0.0.1', onListen() {}, ...(plan.tls ? await certificate() : {}) }
  const server = Deno.serve(options, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 120 })
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => void sockets.add(socket)
    socket.onclose = () => void sockets.delete(socket)
    socket.onmessage =
      plan.role === 'broadcast'
        ? ({ data }) => {
            for (const other of sockets) other.send(data)
          }
        : ({ data }) => socket.send(data)
    return response
  })
  return server.addr.port
}
