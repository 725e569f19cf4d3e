import { SharedFrame } from './shared-frame.ts'
import { sendShared, type Socket } from './socket.ts'
import { readData, type SocketData } from './socket-arguments.ts'

/**
 * Sends one message to many sockets: a string as text, bytes as binary. It is framed once, and what is broadcast in one
 * turn of the event loop leaves each socket in one write. Sockets that are not open are passed over. For each of the
 * others it is as if it had been given to `send`, its outgoing budget included; a socket that takes no more counts the
 * message in `dropped`.
 *
 * Bytes are copied at once and may be used again.
 *
 * @throws SocketInputError (`DATA_TYPE`) for anything that is no string, ArrayBuffer or view of one; nothing is sent then.
 */
export function broadcast(sockets: Iterable<Socket>, data: SocketData): void {
  const frame = new SharedFrame(readData(data))
  for (const socket of sockets) sendShared(socket, frame)
}
