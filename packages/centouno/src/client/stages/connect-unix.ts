import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Attempt } from '../attempt.ts'
import { unixFailure } from '../failure-codes.ts'
import { onEvents } from '../stream-events.ts'

/** To a server on this machine through a Unix socket (or a named pipe of Windows): there is no name to resolve. */
export function connectUnix(attempt: Attempt, path: string): Promise<Socket> {
  attempt.known = { ...attempt.known, address: path }
  return attempt.walk('connect', (stage) => {
    stage.fact('path', path)
    const socket = connect({ path, allowHalfOpen: true })
    attempt.own(socket)
    return attempt.wait((resolve, reject) =>
      onEvents(socket, {
        connect: () => resolve(socket),
        error: (error) => reject(unixFailure(error)),
      }),
    )
  })
}
