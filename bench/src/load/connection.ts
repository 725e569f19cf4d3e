import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'

/** Told of each piece of what comes back. The bytes are the buffer all connections read into: look now or never. */
export type Receiver = (bytes: Uint8Array, length: number) => void

/** One connection of the load generator: opened, upgraded where the peer is a WebSocket server, and then raw. */
export interface LoadConnection {
  readonly socket: net.Socket
  /** The response head, empty for plain TCP. */
  readonly head: string
  receive: Receiver
}

export interface Opening {
  readonly port: number
  readonly tls: boolean
  readonly framed: boolean
  /** Value of `Sec-WebSocket-Extensions`. */
  readonly extensions?: string | undefined
  /** 127.0.0.x to come from: one address has no ports for 20,000 connections that come and go. */
  readonly localAddress?: string | undefined
}

const shared = Buffer.allocUnsafeSlow(1024 * 1024)
const endOfHead = '\r\n\r\n'

export async function openConnection(opening: Opening): Promise<LoadConnection> {
  let head = ''
  let upgraded: (() => void) | undefined
  const connection = { socket: undefined as unknown as net.Socket, head: '', receive: readHead as Receiver }
  const received = (bytes: Uint8Array, length: number): void => connection.receive(bytes, length)
  const socket = opening.tls ? openTls(opening, received) : openTcp(opening, received)
  connection.socket = socket
  await once(socket, opening.tls ? 'secureConnect' : 'connect')
  socket.on('error', failed)
  if (!opening.framed) return connection
  await new Promise<void>((resolve) => {
    upgraded = resolve
    socket.write(upgradeRequest(opening.extensions))
  })
  connection.head = head
  return connection

  function readHead(bytes: Uint8Array, length: number): void {
    head += Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1')
    if (!head.endsWith(endOfHead)) return
    if (!head.startsWith('HTTP/1.1 101')) throw new Error(`The peer refused: ${head}`)
    upgraded?.()
  }
}

export function upgradeRequest(extensions?: string): string {
  return [
    'GET / HTTP/1.1',
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...(extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${extensions}`]),
    endOfHead.slice(2),
  ].join('\r\n')
}

export function openTcp({ port, localAddress }: Opening, received: Receiver): net.Socket {
  return net.connect({
    host: '127.0.0.1',
    port,
    noDelay: true,
    ...(localAddress === undefined ? {} : { localAddress }),
    onread: {
      buffer: shared,
      callback: (length, bytes) => {
        received(bytes, length)
        return true
      },
    },
  })
}

function openTls({ port }: Opening, received: Receiver): net.Socket {
  const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  socket.setNoDelay(true)
  socket.on('data', (chunk: Buffer) => received(chunk, chunk.length))
  return socket
}

function failed(error: Error): void {
  throw error
}
