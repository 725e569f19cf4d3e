import type { LookupAddress } from 'node:dns'
import { connect } from 'node:net'
import type { LookupFunction, Socket } from 'node:net'
import type { StageWriter } from '../../report/recorder.ts'
import { formatAddress } from '../address.ts'
import type { HostAndPort } from '../address.ts'
import type { Attempt } from '../attempt.ts'
import { connectingQueue } from '../connecting-queue.ts'
import type { ConnectingPolicy } from '../connecting-queue.ts'
import { connectFailure, systemCode } from '../failure-codes.ts'
import { StageFailure } from '../stage-failure.ts'
import { onEvents } from '../stream-events.ts'

/*
 * How long one of several addresses may take before the next is tried, and it is given up. Node's own 250 ms give up
 * paths that work, such as those over a satellite (600 to 700 ms).
 */
const addressTimeout = 1_000

/** A place in the queue of connections that are being established. */
export interface Turn {
  readonly policy: ConnectingPolicy
  /** What counts as one remote host: an address with its port, or a name that somebody else resolves (H-CON-02). */
  readonly places: readonly string[]
}

/**
 * From addresses to a TCP connection: they are tried in turn, the families alternating (RFC 8305).
 *
 * @param turn Without one, there is no waiting for others.
 */
export function connectTcp(
  attempt: Attempt,
  { host, port }: HostAndPort,
  addresses: readonly LookupAddress[],
  turn?: Turn,
): Promise<Socket> {
  return attempt.walk('connect', async (stage) => {
    stage.fact('port', port)
    if (turn !== undefined) await takeTurn(attempt, stage, turn)
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

/** Waits until no other connection is in the way; the turn lasts until the attempt is over, however it ends. */
async function takeTurn(attempt: Attempt, stage: StageWriter, { policy, places }: Turn): Promise<void> {
  const from = attempt.recorder.now()
  try {
    await attempt.wait<void>((resolve) => {
      attempt.whenOver(connectingQueue.enter(places, policy, resolve))
      return () => {}
    })
  } catch (error) {
    if (!(error instanceof StageFailure) || error.code !== 'CONNECT_TIMEOUT') throw error
    throw new StageFailure('CONNECT_QUEUED', error.details)
  }
  const waited = Math.round(attempt.recorder.now() - from)
  if (waited > 0) stage.fact('queuedMs', waited)
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
