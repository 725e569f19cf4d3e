import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'

// The floor of Node's own sockets: what comes in goes out, and nobody looks at it.

/** With `'data'` events, as most programs read. */
export async function listenWithData(): Promise<number> {
  return listening(
    net.createServer({ noDelay: true }, (socket) => {
      socket.on('data', (chunk) => socket.write(chunk))
      socket.on('error', () => socket.destroy())
    }),
  )
}

/**
 * With one read buffer for all sockets. What is echoed is copied out of it first: the system may take it later, and the
 * buffer is wanted for the next read.
 */
export async function listenWithOnread(): Promise<number> {
  const shared = Buffer.allocUnsafeSlow(256 * 1024)
  const server = net.createServer({ noDelay: true, pauseOnConnect: true })
  server.on('connection', (accepted: net.Socket & { _handle: unknown }) => {
    const handle = accepted._handle
    accepted._handle = null
    const socket: net.Socket = new net.Socket({
      handle,
      onread: {
        buffer: shared,
        callback: (length: number) => {
          socket.write(Buffer.from(shared.subarray(0, length)))
          return true
        },
      },
    } as net.SocketConstructorOpts)
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.end())
    socket.resume()
  })
  return listening(server)
}

async function listening(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
