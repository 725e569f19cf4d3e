import type { Duplex } from 'node:stream'
import { decodeLatin1 } from '../protocol/encoding/latin1.ts'
import type { HeadFault, HeadLimits, RequestHead } from '../protocol/http/head.ts'
import { HeadReader } from '../protocol/http/head-reader.ts'
import { quote } from '../protocol/http/quote.ts'
import { parseRequestHead } from '../protocol/http/request-head.ts'
import { isProxyProtocol } from './proxy-protocol.ts'

/** The first byte of a TLS handshake record (RFC 8446 §5.1); no HTTP method begins with it. */
const tlsHandshake = 0x16

/**
 * What came of waiting for a request: its head, a head that could not be read to its end, a proxy that begins with the
 * PROXY protocol, or nothing at all.
 */
export type RequestReading =
  | { readonly kind: 'head'; readonly head: RequestHead; readonly early: Uint8Array }
  | { readonly kind: 'fault'; readonly head: RequestHead; readonly fault: HeadFault }
  | { readonly kind: 'proxy-protocol'; readonly head: RequestHead }
  | { readonly kind: 'gone' }

/**
 * Reads one request head from a stream and leaves the stream paused, with nobody listening for bytes. Calls `done` once,
 * unless what it returns is called first: that stops reading and gives the head as far as it has come.
 *
 * @param timeLeft Milliseconds for the whole head, however its bytes are spread.
 */
export function readRequest(
  stream: Duplex,
  limits: HeadLimits,
  timeLeft: number,
  done: (reading: RequestReading) => void,
): () => RequestHead {
  const reader = new HeadReader(limits)

  const stop = (): void => {
    clearTimeout(deadline)
    stream.off('data', received)
    stream.off('end', ended)
    stream.off('close', closed)
    stream.pause()
  }
  const conclude = (reading: RequestReading): void => {
    stop()
    done(reading)
  }
  const faulty = (bytes: Uint8Array, fault: HeadFault): void =>
    conclude({ kind: 'fault', head: parseRequestHead(bytes), fault })

  let first = true
  const received = (chunk: Uint8Array): void => {
    // A ClientHello has no line end to wait for. Answered at once, in clear text, its sender learns that this is no TLS.
    if (first && chunk[0] === tlsHandshake) {
      faulty(chunk, { rule: 'H-REQ-01', found: quote(decodeLatin1(chunk)) })
      return
    }
    if (first && isProxyProtocol(chunk)) {
      conclude({ kind: 'proxy-protocol', head: parseRequestHead(chunk) })
      return
    }
    first = false
    const reading = reader.receive(chunk)
    if (reading.kind === 'head') {
      conclude({ kind: 'head', head: parseRequestHead(reading.head), early: reading.rest })
    } else if (reading.kind === 'fault') {
      faulty(reading.received, reading.fault)
    }
  }
  const ended = (): void => {
    const bytes = reader.received
    if (bytes.length === 0) conclude({ kind: 'gone' })
    else faulty(bytes, { rule: 'H-REQ-01', found: quote(decodeLatin1(bytes)) })
  }
  const closed = (): void => conclude({ kind: 'gone' })
  const deadline = setTimeout(() => {
    const bytes = reader.received
    faulty(bytes, { rule: 'H-SRV-25', found: quote(decodeLatin1(bytes)) })
  }, timeLeft)
  deadline.unref()

  stream.on('data', received)
  stream.on('end', ended)
  stream.on('close', closed)
  return () => {
    stop()
    return parseRequestHead(reader.received)
  }
}
