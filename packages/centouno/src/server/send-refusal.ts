import type { Duplex } from 'node:stream'
import { buildRefusal } from '../protocol/handshake/build-response.ts'
import type { Refusal } from '../protocol/handshake/judgement.ts'
import { longestDelay } from '../transport/clock.ts'
import type { ServerLimits } from './server-limits.ts'

/**
 * Answers a request of that method with a refusal and closes the connection for good, so that nothing the client sent behind its
 * request can be taken for a request of its own.
 *
 * What the client still sends is read and thrown away for a bounded while: closing with bytes unread would reset the
 * connection, and the reset could reach the client before the response does (RFC 9112 §9.6).
 */
export function sendRefusal(stream: Duplex, refusal: Refusal, method: string, limits: ServerLimits): void {
  if (stream.destroyed) return
  const deadline = setTimeout(() => stream.destroy(), Math.min(limits.lingerTimeout, longestDelay))
  deadline.unref()
  let discarded = 0
  stream.on('data', (chunk: Uint8Array) => {
    discarded += chunk.length
    if (discarded > limits.lingerBytes) stream.destroy()
  })
  // Both directions have ended once the response is out and the client's FIN is in.
  stream.on('end', () => {
    if (stream.writableFinished) stream.destroy()
  })
  stream.on('close', () => clearTimeout(deadline))
  stream.end(buildRefusal(refusal, method), () => {
    if (stream.readableEnded) stream.destroy()
  })
  stream.resume()
}
