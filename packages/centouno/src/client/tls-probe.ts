import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import type { HostAndPort } from './address.ts'
import type { Attempt } from './attempt.ts'
import { StageFailure } from './stage-failure.ts'
import { onEvents } from './stream-events.ts'
import { nameFor } from './tls-session.ts'

/** On top of a failure that is told already, a person does not wait long for a better explanation. */
const probeTimeout = 500
// TLS record header (RFC 8446 §5.1): content type alert (21) or handshake (22), then the major version, 3.
const contentTypes: ReadonlySet<number> = new Set([21, 22])
const majorVersion = 3

/**
 * TLS servers that get plain text hang up without a word (OpenSSL, and with it Node, does), just as a server that
 * crashed does. So when a connection for `ws:` ended before the first byte of a reply, one more is made, with the first
 * message of a TLS handshake: what answers it with a record of TLS expects TLS. Nothing else is sent, and the handshake
 * is not completed.
 *
 * @returns The failure it really was, or the one that was given.
 */
export async function explainSilence(
  attempt: Attempt,
  failure: unknown,
  { host, port }: HostAndPort,
  name: string,
): Promise<unknown> {
  if (!(failure instanceof StageFailure) || !isSilent(failure)) return failure
  const socket = connect({ host, port })
  attempt.own(socket)
  try {
    const speaksTls = await attempt.wait<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), probeTimeout)
      const no = (): void => resolve(false)
      const removeListeners = onEvents(socket, {
        connect: () => sayHello(attempt, socket, name),
        data: ([type = 0, major]) => resolve(contentTypes.has(type) && (major ?? majorVersion) === majorVersion),
        end: no,
        error: no,
        close: no,
      })
      return () => {
        clearTimeout(timer)
        removeListeners()
      }
    })
    return speaksTls ? new StageFailure('UPGRADE_TLS_EXPECTED', {}, failure.cause) : failure
  } catch {
    // Cancelled, or out of time: what is known by then is told.
    return failure
  }
}

function isSilent({ code, details }: StageFailure): boolean {
  return (code === 'UPGRADE_ENDED' && (details['received'] ?? '') === '') || code === 'UPGRADE_RESET'
}

/** Sends the first message of a TLS handshake. What comes back does not go to the TLS that made it. */
function sayHello(attempt: Attempt, socket: Duplex, name: string): void {
  const oneWay = new Duplex({
    read() {},
    write(chunk: Uint8Array, _encoding, callback) {
      socket.write(chunk)
      callback()
    },
  })
  attempt.own(oneWay)
  const servername = nameFor(name, {})
  attempt.own(connectTls({ socket: oneWay, ...(servername === '' ? {} : { servername }), ALPNProtocols: ['http/1.1'] }))
}
