import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import { FrameWalker } from './frame-walker.ts'

/** Told of each piece of what comes back. The bytes are the buffer all connections read into: look now or never. */
export type Receiver = (bytes: Uint8Array, length: number) => void

/** One connection of the load generator: upgraded where the peer speaks WebSocket, and raw from then on. */
export class LoadConnection {
  readonly socket: net.Socket
  /** What the walker has seen of the peer's frames; undefined on plain TCP. */
  readonly walker: FrameWalker | undefined
  /** The response head, empty on plain TCP. */
  readonly head: string
  /** Told how many frames have come, on plain TCP how many bytes. */
  whenReceived: (count: number) => void = () => {}

  constructor(socket: net.Socket, framed: boolean, head = '') {
    this.socket = socket
    this.walker = framed ? new FrameWalker((pong) => socket.write(pong)) : undefined
    this.head = head
  }

  receive(bytes: Uint8Array, length: number): void {
    const count = this.walker ? this.walker.walk(bytes, length) : length
    if (count > 0) this.whenReceived(count)
  }
}

export interface Opening {
  readonly port: number
  readonly tls: boolean
  readonly framed: boolean
  /** Value of `Sec-WebSocket-Extensions`. */
  readonly extensions?: string | undefined
  /** An address of the loopback to come from: one address has no ports for 20,000 connections that come and go. */
  readonly localAddress?: string | undefined
}

/** At once without flooding the queue of connections that the peer has yet to accept. */
const atOnce = 100
/** From one address there are some 28,000 ports to come from, less those that were used a moment ago. */
const perAddress = 5000
/** Those of a load before this one are kept for a minute: after ten of 10,000 connections none would be left. */
const network = `127.1.${process.pid % 256}`
const endOfHead = '\r\n\r\n'

/** @param after How many there are already. */
export async function openConnections(opening: Opening, count: number, after = 0): Promise<LoadConnection[]> {
  const connections: LoadConnection[] = []
  while (connections.length < count) {
    const localAddress = `${network}.${2 + Math.floor((after + connections.length) / perAddress)}`
    const batch = Math.min(atOnce, count - connections.length)
    const opened = Array.from({ length: batch }, () => openConnection({ ...opening, localAddress }))
    connections.push(...(await Promise.all(opened)))
  }
  return connections
}

async function openConnection(opening: Opening): Promise<LoadConnection> {
  let receive: Receiver | undefined
  const received: Receiver = (bytes, length) => receive?.(bytes, length)
  const socket = opening.tls ? openTls(opening, received) : openTcp(opening, received)
  await once(socket, opening.tls ? 'secureConnect' : 'connect')
  socket.on('error', failed)
  socket.on('end', () => failed(new Error('The peer ended the connection.')))
  const connection = await new Promise<LoadConnection>((resolve) => {
    if (!opening.framed) return resolve(new LoadConnection(socket, false))
    let head = ''
    receive = (bytes, length) => {
      head += latin1(bytes, length)
      if (!head.endsWith(endOfHead)) return
      if (!head.startsWith('HTTP/1.1 101')) throw new Error(`The peer refused: ${head}`)
      const upgraded = new LoadConnection(socket, true, head)
      receive = (next, nextLength) => upgraded.receive(next, nextLength)
      resolve(upgraded)
    }
    socket.write(upgradeRequest(opening.extensions))
  })
  if (!opening.framed) receive = (bytes, length) => connection.receive(bytes, length)
  return connection
}

export function latin1(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1')
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

const shared = Buffer.allocUnsafeSlow(1024 * 1024)

/** What Node adds to its copy of the options, which V8 11.3 (Node 20) is very slow with. */
const setByNode = { allowHalfOpen: false, emitClose: false, autoDestroy: true, decodeStrings: false }

export function openTcp({ port, localAddress }: Opening, received: Receiver): net.Socket {
  const options = {
    host: '127.0.0.1',
    port,
    localAddress,
    noDelay: true,
    onread: {
      buffer: shared,
      callback: (length: number, bytes: Uint8Array) => {
        received(bytes, length)
        return true
      },
    },
    ...setByNode,
  }
  return net.connect(options as net.TcpNetConnectOpts)
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
