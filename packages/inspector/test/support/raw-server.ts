import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

const running = new Map<Server, Set<Socket>>()

/** A server that only a test knows what it says; its address. */
export async function rawServer(serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    serve(socket)
  })
  running.set(server, sockets)
  return `ws://127.0.0.1:${await listening(server)}`
}

/** For `afterEach`. */
export async function closeRawServers(): Promise<void> {
  for (const [server, sockets] of running) {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  running.clear()
}

/** Answers the opening request with a 101 that keeps the rules, and hands over what comes then. */
export function answering(socket: Socket, data: (chunk: Buffer) => void): void {
  let request = ''
  const read = (chunk: Buffer): void => {
    request += chunk.toString('latin1')
    const end = request.indexOf('\r\n\r\n')
    if (end === -1) return
    socket.off('data', read)
    const key = /^Sec-WebSocket-Key: (.*)\r$/m.exec(request)?.[1] ?? ''
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
    socket.write(`${[...lines, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`)
    socket.on('data', data)
    const rest = request.slice(end + 4)
    if (rest !== '') data(Buffer.from(rest, 'latin1'))
  }
  socket.on('data', read)
}

/** A port on which nobody listens: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  const port = await listening(server)
  server.close()
  await once(server, 'close')
  return port
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
