import type { ServerSocket } from 'centouno'
import type { Behaviour } from './behaviour.ts'

const longestName = 32
// Bytes that may wait for one guest. Who lets more gather does not read, and must not make the room hold it.
const patience = 1024 * 1024

/** One room: what a guest says, all hear, the guest included. A guest may bring a name: `/chat?name=Ada`. */
export class ChatRoom implements Behaviour {
  readonly #guests = new Map<ServerSocket, string>()
  #arrivals = 0

  open(socket: ServerSocket): void {
    this.#arrivals += 1
    const name = wantedName(socket) || `guest ${this.#arrivals}`
    this.#guests.set(socket, name)
    this.#tellAll(`→ ${name} is here (${this.#guests.size} in the room)`)
  }

  message(socket: ServerSocket, data: string | Uint8Array): void {
    const name = this.#guests.get(socket) ?? '?'
    this.#tellAll(typeof data === 'string' ? `${name}: ${data}` : data)
  }

  close(socket: ServerSocket): void {
    const name = this.#guests.get(socket)
    if (this.#guests.delete(socket)) this.#tellAll(`← ${name} has left (${this.#guests.size} in the room)`)
  }

  #tellAll(message: string | Uint8Array): void {
    for (const guest of this.#guests.keys()) {
      if (guest.bufferedBytes > patience) guest.terminate()
      else void guest.send(message)
    }
  }
}

function wantedName(socket: ServerSocket): string {
  const asked = socket.request.searchParams.get('name') ?? ''
  return [...asked.replace(/\p{C}/gu, '').trim()].slice(0, longestName).join('')
}
