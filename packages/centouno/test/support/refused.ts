import { connect } from '../../src/client/connect.ts'
import { ConnectError } from '../../src/client/connect-error.ts'
import type { ConnectOptions } from '../../src/client/connect-options.ts'

/** The error with which connecting fails; an open connection is a failed test. */
export async function refused(url: string, options: ConnectOptions = {}): Promise<ConnectError> {
  try {
    const socket = await connect(url, options)
    socket.terminate()
  } catch (error) {
    if (error instanceof ConnectError) return error
    throw error
  }
  throw new Error(`The connection to ${url} opened.`)
}
