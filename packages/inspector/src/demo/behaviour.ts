import type { ServerSocket } from 'centouno'

/** What a demo does with its sockets. */
export interface Behaviour {
  open?(socket: ServerSocket): void | Promise<void>
  message?(socket: ServerSocket, data: string | Uint8Array): void | Promise<void>
  close?(socket: ServerSocket): void
}
