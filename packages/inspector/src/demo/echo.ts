import type { Behaviour } from './behaviour.ts'

/** Sends every message back as it came. The promise is handed back: who does not read is not read from. */
export const echo: Behaviour = {
  message: (socket, data) => socket.send(data),
}
