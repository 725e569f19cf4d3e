import { once } from 'node:events'
import net from 'node:net'
import { openingRequest } from './raw-peer.ts'

const live = new Set<net.Socket>()
let opened = 0

/** For `afterEach`: drops every attacker's connection. */
export function dropAttackers(): void {
  for (const socket of live) socket.destroy()
}

/**
 * A TCP connection that has made the opening handshake and reads nothing afterwards unless it is resumed. On Linux the
 * connections come from many loopback addresses, as those of a crowd would, so that no limit per address hides another.
 */
export async function openAttacker(port: number): Promise<net.Socket> {
  const socket = await tcpAttacker(port)
  socket.write(openingRequest('/'))
  await untilHead(socket)
  return socket
}

/** A TCP connection on which nothing has been sent. */
export async function tcpAttacker(port: number): Promise<net.Socket> {
  opened += 1
  const localAddress = process.platform === 'linux' ? `127.0.${1 + (opened % 200)}.1` : undefined
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true, ...(localAddress && { localAddress }) })
  live.add(socket)
  socket.on('error', () => {})
  socket.once('close', () => live.delete(socket))
  await once(socket, 'connect')
  return socket
}

/** Several at a time, so that they do not fill the server's queue of connections. */
export async function openAttackers(port: number, count: number, batch: number = 50): Promise<net.Socket[]> {
  const sockets: net.Socket[] = []
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(batch, count - sockets.length) }, () => openAttacker(port))
    sockets.push(...(await Promise.all(some)))
  }
  return sockets
}

async function untilHead(socket: net.Socket): Promise<void> {
  let received = ''
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      received += chunk.toString('latin1')
      if (!received.includes('\r\n\r\n')) return
      socket.pause()
      socket.off('data', take)
      if (received.startsWith('HTTP/1.1 101 ')) resolve()
      else reject(new Error(`no WebSocket: ${received}`))
    }
    socket.on('data', take)
    socket.once('close', () => reject(new Error(`ended after: ${received}`)))
  })
}

/** What became of bytes that were pressed on a server. */
export interface Pressed {
  /** Bytes that the system took. */
  readonly taken: number
  /** `blocked`: the server has stopped reading; `closed`: it ended the connection; `all`: it took everything. */
  readonly outcome: 'blocked' | 'closed' | 'all'
}

/**
 * Writes a chunk again and again, as fast as the server reads, until `total` bytes are written, the connection ends, or
 * nothing has been taken for `patience` milliseconds. A test that expects the server to stop reading may be impatient;
 * one that expects it to go on must not take a busy machine for a server that has stopped.
 */
export async function press(
  socket: net.Socket,
  chunk: Uint8Array,
  total: number,
  patience: number = 10_000,
): Promise<Pressed> {
  let written = 0
  const taken = (): number => written - socket.writableLength
  while (written < total) {
    if (!socket.writable) return { taken: taken(), outcome: 'closed' }
    written += chunk.length
    if (socket.write(chunk)) continue
    if (await drains(socket, patience)) continue
    return { taken: taken(), outcome: socket.writable ? 'blocked' : 'closed' }
  }
  return { taken: taken(), outcome: socket.writable ? 'all' : 'closed' }
}

/** Whether the socket's queue empties before nothing has been taken for the time given. */
async function drains(socket: net.Socket, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    let before = socket.writableLength
    const settle = (result: boolean): void => {
      clearInterval(timer)
      socket.off('drain', drained)
      socket.off('close', closed)
      resolve(result)
    }
    const drained = (): void => settle(true)
    const closed = (): void => settle(false)
    const timer = setInterval(() => {
      if (socket.writableLength === before) settle(false)
      before = socket.writableLength
    }, patience)
    socket.once('drain', drained)
    socket.once('close', closed)
  })
}
