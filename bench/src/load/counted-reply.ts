import type { LoadConnection } from './connection.ts'
import type { Exchanger } from './exchange.ts'

/**
 * Writes the same bytes each time, and takes the next so many frames (on plain TCP: bytes) for the answer. What they hold
 * is the tests' concern: looking at it would cost more than a fast server spends on answering.
 */
export function countedReply(connection: LoadConnection, out: Uint8Array, back: number): Exchanger {
  let missing = 0
  const exchanger: Exchanger = {
    send() {
      missing = back
      connection.socket.write(out)
    },
    whenAnswered() {},
  }
  connection.whenReceived = (count) => {
    missing -= count
    if (missing === 0) exchanger.whenAnswered()
    else if (missing < 0) throw new Error(`The peer answered with ${-missing} too many.`)
  }
  return exchanger
}
