import type { Message, Socket } from 'centouno'

/** The next message of a socket; fails the test when the connection ends before one comes. */
export async function nextMessage(socket: Socket): Promise<Message> {
  for await (const message of socket) return message
  throw new Error('The connection ended before a message came.')
}
