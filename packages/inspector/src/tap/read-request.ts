import type { Socket } from 'node:net'
import { defaultHeadLimits, HeadReader } from 'centouno/telling'

/** What a client said next. */
export type RequestReading =
  | { readonly kind: 'head'; readonly head: Uint8Array }
  /** It is no head that could be read to its end: too long, or cut off by the client's FIN. */
  | { readonly kind: 'unreadable'; readonly received: Uint8Array; readonly ended: boolean }
  /** It begins as TLS does. */
  | { readonly kind: 'tls' }
  /** FIN where a request could have begun. */
  | { readonly kind: 'ended' }
  /** The connection broke. */
  | { readonly kind: 'gone' }

/** A record of TLS with a handshake message (RFC 8446 §5.1). */
const tlsHandshake = 0x16

/** Reads one request's head. What came behind it is left on the socket, which is paused. */
export function readRequest(socket: Socket): Promise<RequestReading> {
  const heads = new HeadReader(defaultHeadLimits)
  let held = 0
  return new Promise((resolve) => {
    const settle = (reading: RequestReading, rest?: Uint8Array): void => {
      socket.pause()
      for (const [name, listener] of Object.entries(listeners)) socket.off(name, listener)
      if (rest !== undefined && rest.length > 0) socket.unshift(rest)
      resolve(reading)
    }
    const gone = (): void => settle({ kind: 'gone' })
    const listeners = {
      data(chunk: Uint8Array) {
        if (held === 0 && chunk[0] === tlsHandshake) return settle({ kind: 'tls' })
        const reading = heads.receive(chunk)
        if (reading.kind === 'head') settle({ kind: 'head', head: reading.head }, reading.rest)
        if (reading.kind === 'fault') {
          const { received } = reading
          settle({ kind: 'unreadable', received, ended: false }, chunk.subarray(received.length - held))
        }
        held += chunk.length
      },
      end() {
        settle(held === 0 ? { kind: 'ended' } : { kind: 'unreadable', received: heads.received, ended: true })
      },
      close: gone,
    }
    if (socket.destroyed) return gone()
    if (socket.readableEnded) return settle({ kind: 'ended' })
    for (const [name, listener] of Object.entries(listeners)) socket.on(name, listener)
    socket.resume()
  })
}
