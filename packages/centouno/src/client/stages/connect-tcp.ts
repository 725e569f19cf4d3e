import type { LookupAddress } from 'node:dns'
import { connect } from 'node:net'
import type { LookupFunction, Socket } from 'node:net'
import type { WebSocketUri } from '../../protocol/handshake/websocket-uri.ts'
import type { StageWriter } from '../../report/recorder.ts'
import { formatAddress } from '../address.ts'
import type { Attempt } from '../attempt.ts'
import { connectFailure, systemCode } from '../failure-codes.ts'
import { onEvents } from '../stream-events.ts'

/*
 * How long one of several addresses may take before the next is tried, and it is given up. Node's own 250 ms give up
 * paths that work, such as those over a satellite (600 to 700 ms).
 */
const addressTimeout = 1_000

/** From addresses to a TCP connection: they are tried in turn, the families alternating (RFC 8305). */
export function connectTcp(
  attempt: Attempt,
  { host, port }: WebSocketUri,
  addresses: readonly LookupAddress[],
): Promise<Socket> {
  return attempt.walk('connect', (stage) => {
    stage.fact('port', port)
    const socket = connect({
      host,
      port,
      lookup: answering(addresses),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: addressTimeout,
      // Each direction ends on its own: the closing handshake decides when ours does.
      allowHalfOpen: true,
      // Messages are small and meant to arrive now (no Nagle).
      noDelay: true,
    })
    attempt.own(socket)
    return established(attempt, stage, socket, port)
  })
}

/** Answers with the addresses we have; not at once, since the socket's listeners are to see every attempt. */
function answering(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses
    process.nextTick(() => {
      if (all === true || first === undefined) callback(null, [...addresses])
      else callback(null, first.address, first.family)
    })
  }
}

function established(attempt: Attempt, stage: StageWriter, socket: Socket, port: number): Promise<Socket> {
  const tried: string[] = []
  const outcomes = new Map<string, string>()
  const note = (address: string, outcome: string): void => {
    if (!outcomes.has(address)) tried.push(address)
    outcomes.set(address, outcome)
    // Known already while it is going on, for the sentence of a timeout.
    const all = tried.map((each) => formatAddress(each, port))
    attempt.known = { ...attempt.known, address: all.join(', ') }
    stage.fact('address', address)
    stage.fact(
      'tried',
      tried.map((each) => `${formatAddress(each, port)} ${outcomes.get(each) ?? ''}`),
    )
  }
  return attempt.wait((resolve, reject) =>
    onEvents(socket, {
      connectionAttempt: (address) => note(address, 'pending'),
      connectionAttemptFailed: (address, _port, _family, error) => note(address, systemCode(error) || 'failed'),
      connectionAttemptTimeout: (address) => note(address, 'too slow'),
      error: (error) => reject(connectFailure(error)),
      connect() {
        const address = socket.remoteAddress ?? ''
        note(address, 'connected')
        attempt.known = { ...attempt.known, address: formatAddress(address, port) }
        stage.fact('localAddress', socket.localAddress ?? '')
        stage.fact('localPort', socket.localPort ?? 0)
        resolve(socket)
      },
    }),
  )
}
