import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

/** What a scripted server does with a connection once the empty line of its request has come. */
export type Script = (socket: Socket, request: string) => void

/** A server that knows neither HTTP nor WebSocket: a test writes down what it says, byte by byte. */
export interface ScriptedServer {
  readonly port: number
  readonly url: string
  /** What the first client has sent so far. */
  readonly received: () => string
  /** Resolves when the first client has ended or reset its connection. */
  readonly gone: Promise<void>
}

const running = new Map<Server, Set<Socket>>()

/** For `afterEach`: ends every scripted server and its connections. */
export async function closeScriptedServers(): Promise<void> {
  for (const [server, sockets] of running) {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  running.clear()
}

export function scriptedServer(script: Script): Promise<ScriptedServer> {
  return start(createServer({ allowHalfOpen: true, noDelay: true }), 'connection', 'ws', script)
}

export function scriptedTlsServer(options: TlsOptions, script: Script): Promise<ScriptedServer> {
  const server = createTlsServer(options)
  server.on('tlsClientError', () => {})
  return start(server, 'secureConnection', 'wss', script)
}

async function start(server: Server, event: string, scheme: string, script: Script): Promise<ScriptedServer> {
  const sockets = new Set<Socket>()
  running.set(server, sockets)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  let received = ''
  const gone = new Promise<void>((resolve) => {
    // Below TLS a socket has no `end` of its own; a handshake that fails is told by the server.
    server.on('tlsClientError', () => resolve())
    for (const kind of new Set(['connection', event])) {
      server.on(kind, (socket: Socket) => {
        for (const sign of ['end', 'error', 'close']) socket.once(sign, () => resolve())
      })
    }
  })
  server.on(event, (socket: Socket) => {
    let request = ''
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
      const complete = request.endsWith('\r\n\r\n')
      if (complete) return
      request += chunk.toString('latin1')
      if (request.endsWith('\r\n\r\n')) script(socket, request)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, url: `${scheme}://127.0.0.1:${port}/chat?x=1`, received: () => received, gone }
}

/** A port on which nobody listens: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** `Sec-WebSocket-Accept` for a request, made apart from the engine. */
export function acceptFor(request: string): string {
  const key = /^Sec-WebSocket-Key: (.*)\r$/m.exec(request)?.[1] ?? ''
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

/** The lines of a right 101, to be changed by the test. */
export function switchLines(request: string): string[] {
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptFor(request)}`,
  ]
}

export function head(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}
