import type { SubjectPlan } from '../measure/plan.ts'
import { certificate } from './certificate.ts'
import { runSubject } from './subject.ts'

// As much of Bun's types as is used here.
interface BunSocket {
  send(data: string | Uint8Array, compress?: boolean): number
  subscribe(topic: string): void
}

declare const Bun: {
  readonly version: string
  serve(options: unknown): { readonly port: number; publish(topic: string, data: string | Uint8Array): void }
}

const everyone = 'everyone'

await runSubject(async (plan) => ({ port: await serve(plan), version: `Bun ${Bun.version}` }))

async function serve(plan: SubjectPlan): Promise<number> {
  const broadcasts = plan.role === 'broadcast'
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    ...(plan.tls ? { tls: await certificate() } : {}),
    fetch(request: Request, upgrading: { upgrade(request: Request): boolean }) {
      return upgrading.upgrade(request) ? undefined : new Response('WebSocket only', { status: 426 })
    },
    websocket: {
      perMessageDeflate: plan.deflate ? { compress: 'dedicated', decompress: 'dedicated' } : false,
      maxPayloadLength: 1 << 30,
      backpressureLimit: 1 << 30,
      open(socket: BunSocket) {
        if (broadcasts) socket.subscribe(everyone)
      },
      message: broadcasts
        ? (_socket: BunSocket, data: string | Uint8Array) => server.publish(everyone, data)
        : (socket: BunSocket, data: string | Uint8Array) => socket.send(data, plan.deflate),
    },
  })
  return server.port
}
