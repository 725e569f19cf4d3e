import { isSubprotocolName } from '../protocol/handshake/subprotocol.ts'
import type { WebSocketUri } from '../protocol/handshake/websocket-uri.ts'
import { readWebSocketUri } from '../protocol/handshake/websocket-uri.ts'

/** The URL of a new WebSocket. Throws a SyntaxError, as the constructor of the standard does. */
export function checkUrl(url: string): WebSocketUri {
  const reading = readWebSocketUri(url)
  if (!reading.ok) {
    throw new DOMException(`Not a WebSocket URL: ${reading.found} (${reading.rule}).`, 'SyntaxError')
  }
  return reading.uri
}

/** The offered subprotocols. Throws a SyntaxError for one that is malformed or comes twice. */
export function checkProtocols(protocols: string | readonly string[]): readonly string[] {
  const names = typeof protocols === 'string' ? [protocols] : [...protocols].map(String)
  for (const [index, name] of names.entries()) {
    if (!isSubprotocolName(name)) {
      throw new DOMException(`Not a subprotocol: ${JSON.stringify(name)}. It must be a token.`, 'SyntaxError')
    }
    if (names.indexOf(name) !== index) {
      throw new DOMException(`The subprotocol ${JSON.stringify(name)} is there twice.`, 'SyntaxError')
    }
  }
  return names
}

/** What `close()` is called with, ready to be sent. */
export interface CloseArguments {
  readonly code: number | undefined
  readonly reason: string
}

const normalClosure = 1000
const firstApplicationCode = 3000
const lastApplicationCode = 4999
const greatestCode = 65_535
const reasonLimit = 123

/** Throws an InvalidAccessError for a code that applications must not use, a SyntaxError for a reason too long. */
export function checkCloseArguments(code: number | undefined, reason: string | undefined): CloseArguments {
  const clamped = code === undefined ? undefined : clamp(code)
  if (
    clamped !== undefined &&
    clamped !== normalClosure &&
    (clamped < firstApplicationCode || clamped > lastApplicationCode)
  ) {
    throw new DOMException(`The code must be 1000, or 3000 to 4999; it is ${clamped}.`, 'InvalidAccessError')
  }
  const words = reason === undefined ? '' : String(reason)
  const bytes = new TextEncoder().encode(words).length
  if (bytes > reasonLimit) {
    throw new DOMException(`The reason takes ${bytes} bytes of UTF-8; 123 is the most.`, 'SyntaxError')
  }
  // A Close frame has no place for a reason without a code.
  return { code: clamped === undefined && words !== '' ? normalClosure : clamped, reason: words }
}

// The conversion Web IDL calls [Clamp], for an unsigned short.
function clamp(value: number): number {
  const number = Number(value)
  return Number.isNaN(number) ? 0 : Math.min(Math.max(Math.round(number), 0), greatestCode)
}
