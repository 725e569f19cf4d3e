import { ConnectError } from 'centouno'
import { openPassage } from 'centouno/passage'
import type { Passage, PassageOptions } from 'centouno/passage'
import type { ConnectionReport } from 'centouno/telling'

export interface BrokenRequest extends PassageOptions {
  /** The server; what follows its port is not looked at. */
  readonly url: string
  /** All that is sent. */
  readonly bytes: Uint8Array
  /** Is told the report as soon as there is a verdict, before the connection is gone. */
  readonly decided?: (report: ConnectionReport) => void
}

/** Milliseconds a server may take to answer what it cannot understand. Our own refuses an unfinished head after ten seconds. */
const replyTimeout = 5_000
/** Milliseconds the other side may take to end the connection, once we have. */
const endTimeout = 1_000
// A Close with the code 1000, masked with zeros (RFC 6455 §5.5.1): whoever accepted is told goodbye.
const goodbye = Uint8Array.of(0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8)

/**
 * Sends bytes that an engine would refuse to send, looks at what comes back, and ends the connection. Resolves with the
 * report when the connection is gone; never rejects for what the server does.
 */
export async function sendBroken(broken: BrokenRequest): Promise<ConnectionReport> {
  const { url, bytes, decided, ...options } = broken
  let passage: Passage
  try {
    passage = await openPassage(url, targetOf(bytes), options)
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error
    decided?.(error.report)
    return error.report
  }
  const { stream } = passage
  const gone = new Promise<void>((resolve) => stream.once('close', resolve))
  stream.on('data', (chunk: Uint8Array) => passage.received(chunk))
  stream.once('end', () => passage.receivedEnd())
  stream.on('error', (error: Error) => passage.receivedEnd(error))
  stream.once('close', () => passage.receivedEnd())
  const patience = options.handshakeTimeout ?? replyTimeout
  const timer = setTimeout(() => passage.timedOut(patience), patience)
  const giveUp = (): void => passage.abandoned('')
  options.signal?.addEventListener('abort', giveUp, { once: true })
  passage.sent(bytes)
  stream.write(bytes)
  stream.resume()
  if (options.signal?.aborted === true) giveUp()
  const { report, accepted } = await passage.outcome
  clearTimeout(timer)
  options.signal?.removeEventListener('abort', giveUp)
  decided?.(report)
  // Whoever has said nothing is not waited for.
  if (report.response === null) stream.destroy()
  else stream.end(accepted === undefined ? undefined : goodbye)
  const last = setTimeout(() => stream.destroy(), endTimeout)
  await gone
  clearTimeout(last)
  return report
}

/** What the request asks for, to be told; what stands there may be anything. */
function targetOf(bytes: Uint8Array): string {
  const line = new TextDecoder('latin1').decode(bytes.subarray(0, 2_000)).split(/\r?\n/, 1)[0] ?? ''
  return line.split(' ')[1] ?? '/'
}
