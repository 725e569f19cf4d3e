import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

/** A proxy that knows as much of its protocol as a test needs, apart from the engine. */
export interface TestProxy {
  readonly port: number
  /** Where it was asked to connect to, in order: `host:port`. */
  readonly targets: string[]
  /** Everything its clients sent before the tunnel, as Latin-1. */
  readonly asked: () => string
}

/** RFC 1928 §3: of the methods that were offered, the proxy takes the one without authentication. */
export const socksReady: Uint8Array = Uint8Array.of(5, 0)

/** RFC 1928 §6: the reply to a request, with an address that says nothing. */
export const socksReply = (code: number): Uint8Array => Uint8Array.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0)

const running = new Map<Server, Set<Socket>>()

/** For `afterEach`. */
export async function closeProxies(): Promise<void> {
  for (const [server, sockets] of running) {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  running.clear()
}

/** What it does once something came: it is told all bytes so far, and takes over when it returns true. */
type Talk = (socket: Socket, received: Buffer, proxy: { targets: string[] }) => boolean

async function start(talk: Talk, tls?: TlsOptions): Promise<TestProxy> {
  const sockets = new Set<Socket>()
  const targets: string[] = []
  let asked = ''
  const accept = (socket: Socket): void => {
    let received = Buffer.alloc(0)
    socket.on('error', () => {})
    const listen = (chunk: Buffer): void => {
      asked += chunk.toString('latin1')
      received = Buffer.concat([received, chunk])
      if (talk(socket, received, { targets })) socket.off('data', listen)
    }
    socket.on('data', listen)
  }
  const server = tls === undefined ? createServer({ noDelay: true }, accept) : createTlsServer(tls, accept)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.on('tlsClientError', () => {})
  running.set(server, sockets)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, targets, asked: () => asked }
}

/** Answers whatever comes with the next of these bytes; undefined for a proxy that stays silent, null to hang up. */
export function sayingProxy(...answers: readonly (string | Uint8Array | undefined | null)[]): Promise<TestProxy> {
  const left = [...answers]
  return start((socket) => {
    const answer = left.shift()
    if (answer === null) socket.end()
    else if (answer !== undefined) socket.write(answer)
    return false
  })
}

/** Resets the connection when the first bytes come. */
export function resettingProxy(): Promise<TestProxy> {
  return start((socket) => {
    socket.resetAndDestroy()
    return true
  })
}

/** Lets through whoever asks; every name is this machine to it. With `authorization`, only who brings that. */
export function httpProxy(options: { tls?: TlsOptions; authorization?: string } = {}): Promise<TestProxy> {
  const { authorization, tls } = options
  return start((socket, received, { targets }) => {
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return false
    const head = received.toString('latin1', 0, end)
    const target = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(head)?.[1] ?? ''
    targets.push(target)
    if (authorization !== undefined && !head.includes(`\r\nProxy-Authorization: ${authorization}`)) {
      socket.end('HTTP/1.1 407 Who are you?\r\nProxy-Authenticate: Basic realm="p"\r\nContent-Length: 0\r\n\r\n')
      return true
    }
    tunnel(socket, Number(target.slice(target.lastIndexOf(':') + 1)), 'HTTP/1.1 200 Connection established\r\n\r\n')
    return true
  }, tls)
}

/** A SOCKS5 proxy; with credentials, it takes no other method. */
export function socksProxy(credentials?: { username: string; password: string }): Promise<TestProxy> {
  const method = credentials === undefined ? 0 : 2
  return start((socket, received, { targets }) => {
    const [, methods = 0] = received
    const greeting = 2 + methods
    if (received.length < greeting) return false
    if (!received.subarray(2, greeting).includes(method)) {
      socket.end(Uint8Array.of(5, 0xff))
      return true
    }
    if (received.length === greeting) {
      socket.write(Uint8Array.of(5, method))
      return false
    }
    let requestAt = greeting
    if (credentials !== undefined) {
      const nameLength = received[requestAt + 1] ?? 0
      const passwordLength = received[requestAt + 2 + nameLength] ?? 0
      const end = requestAt + 3 + nameLength + passwordLength
      const [username, password] = [
        received.toString('utf8', requestAt + 2, requestAt + 2 + nameLength),
        received.toString('utf8', end - passwordLength, end),
      ]
      const fits = username === credentials.username && password === credentials.password
      if (received.length === end) {
        if (fits) socket.write(Uint8Array.of(1, 0))
        else socket.end(Uint8Array.of(1, 1))
        return !fits
      }
      requestAt = end
    }
    const type = received[requestAt + 3]
    const length = type === 1 ? 4 : type === 4 ? 16 : 1 + (received[requestAt + 4] ?? 255)
    const end = requestAt + 4 + length + 2
    if (received.length < end) return false
    const port = received.readUInt16BE(end - 2)
    const address = received.subarray(requestAt + 4, end - 2)
    const host = type === 3 ? address.toString('latin1', 1) : type === 1 ? address.join('.') : address.toString('hex')
    targets.push(`${host}:${port}`)
    tunnel(socket, port, Uint8Array.of(5, 0, 0, 1, 127, 0, 0, 1, 0, 80))
    return true
  })
}

function tunnel(socket: Socket, port: number, ready: string | Uint8Array): void {
  const server = connect(port, '127.0.0.1', () => {
    socket.write(ready)
    socket.pipe(server)
    server.pipe(socket)
  })
  server.on('error', () => socket.destroy())
  socket.on('close', () => server.destroy())
}
