import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { ClientConnection } from './client-connection.ts'
import type { TapSettings } from './client-connection.ts'

/** What a tap is started with. */
export interface TapOptions extends Omit<TapSettings, 'port' | 'nextId'> {
  /** 0 for any free one. */
  readonly port: number
}

/** A running tap. */
export interface Tap {
  readonly port: number
  /** Breaks all connections off. */
  close(): Promise<void>
}

/** Reachable from this machine only: whoever reaches a tap reaches its target. */
const host = '127.0.0.1'

/** Starts a tap on loopback. Rejects with the system's error when the port cannot be had. */
export async function startTap(options: TapOptions): Promise<Tap> {
  let count = 0
  const sockets = new Set<Socket>()
  const serving = new Set<Promise<void>>()
  // Each direction ends on its own, and what is small is not held back: as if the tap were not there.
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true })
  const port = await listenOn(server, options.port)
  const settings: TapSettings = {
    ...options,
    port,
    nextId() {
      count += 1
      return `tap-${count}`
    },
  }
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const served = new ClientConnection(socket, settings).serve()
    serving.add(served)
    void served.finally(() => serving.delete(served))
  })
  return {
    port,
    async close() {
      const released = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await Promise.all([released, ...serving])
    },
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
