import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** Something between a client and a server, as a bad proxy is. */
export interface Relay {
  readonly port: number
  /** From now on, every chunk in that direction has a bit turned over. */
  damage(direction: 'to-client' | 'to-server'): void
}

const running = new Map<Server, Set<Socket>>()

/** For `afterEach`. */
export async function closeRelays(): Promise<void> {
  for (const [server, sockets] of running) {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  running.clear()
}

/** Passes on what comes, either way; `edit` changes the head of the request, and undefined keeps it to itself. */
export async function relayTo(
  port: number,
  edit: (head: string) => string | undefined = (head) => head,
): Promise<Relay> {
  const damaged = new Set<string>()
  const sockets = new Set<Socket>()
  const pass = (direction: string, chunk: Buffer, to: Socket): void => {
    const last = chunk.length - 1
    if (damaged.has(direction)) chunk[last] = (chunk[last] ?? 0) ^ 1
    to.write(chunk)
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const onward = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    for (const [socket, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('end', () => other.end())
    }
    let head = ''
    let over = false
    client.on('data', (chunk: Buffer) => {
      if (over) {
        pass('to-server', chunk, onward)
        return
      }
      head += chunk.toString('latin1')
      // TLS begins with its record type, 22: there is no head to read then.
      if (head.startsWith('\u0016')) {
        over = true
        onward.write(head, 'latin1')
      } else if (head.endsWith('\r\n\r\n')) {
        over = true
        onward.write(edit(head) ?? '', 'latin1')
      }
    })
    onward.on('data', (chunk: Buffer) => pass('to-client', chunk, client))
  })
  running.set(server, sockets)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, damage: (direction) => damaged.add(direction) }
}
