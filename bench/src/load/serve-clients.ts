import { createHash } from 'node:crypto'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import type { LoadPlan } from '../measure/plan.ts'
import { latin1, LoadConnection } from './connection.ts'
import { countedReply } from './counted-reply.ts'
import { Exchange } from './exchange.ts'
import { buildFrame, repeated, samplePayload } from './frames.ts'
import type { Load } from './load.ts'

const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The other side of a client: as little of a server as it takes to get the client connected, and then raw bytes. */
export async function clientLoad(plan: LoadPlan): Promise<Load> {
  const connections: LoadConnection[] = []
  const server = net.createServer({ noDelay: true }, (socket) => connections.push(greet(socket)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  let exchange: Exchange | undefined
  return {
    port: (server.address() as AddressInfo).port,
    measure(milliseconds) {
      exchange ??= new Exchange(
        connections.map((connection) => trade(connection, plan)),
        plan.burst,
      )
      return exchange.measure(milliseconds)
    },
  }
}

/** Clients that receive acknowledge each burst with one byte; clients that send are asked for each burst with one byte. */
function trade(connection: LoadConnection, { kind, payload, burst }: LoadPlan): ReturnType<typeof countedReply> {
  const one = samplePayload(1)
  const shape = { text: false, masked: false }
  return kind === 'flood'
    ? countedReply(connection, repeated(buildFrame(samplePayload(payload), shape), burst), 1)
    : countedReply(connection, buildFrame(one, shape), burst)
}

function greet(socket: net.Socket): LoadConnection {
  const connection = new LoadConnection(socket, true)
  let head = ''
  const readHead = (chunk: Buffer): void => {
    head += latin1(chunk, chunk.length)
    const key = /^sec-websocket-key: *(\S+)/im.exec(head)?.[1]
    if (!head.endsWith('\r\n\r\n') || key === undefined) return
    const accept = createHash('sha1').update(`${key}${acceptSuffix}`).digest('base64')
    socket.off('data', readHead)
    socket.on('data', (bytes) => connection.receive(bytes, bytes.length))
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
  }
  socket.on('data', readHead)
  socket.on('error', () => socket.destroy())
  return connection
}
