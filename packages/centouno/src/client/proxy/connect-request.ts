import { encodeBase64 } from '../../protocol/encoding/base64.ts'
import { encodeLatin1 } from '../../protocol/encoding/latin1.ts'
import { callerFieldLines, fieldLine } from '../../protocol/handshake/caller-fields.ts'
import { wordsOf } from '../stage-failure.ts'
import { invalid } from './proxy-server.ts'
import type { Credentials, ProxyServer } from './proxy-server.ts'

/**
 * The request for a tunnel (RFC 9110 §9.3.6): its target is host and port, the port always written.
 *
 * @throws StageFailure (`PROXY_INVALID`) when a field of the caller cannot be sent.
 */
export function connectRequest(target: string, { credentials, fields, namedBy }: ProxyServer): Uint8Array {
  try {
    return encodeLatin1(
      [
        `CONNECT ${target} HTTP/1.1\r\n`,
        fieldLine('Host', target),
        credentials === undefined ? '' : fieldLine('Proxy-Authorization', basic(credentials)),
        callerFieldLines(fields),
        '\r\n',
      ].join(''),
    )
  } catch (error) {
    throw invalid(wordsOf(error), namedBy)
  }
}

// RFC 7617 §2, with its charset UTF-8.
function basic({ username, password }: Credentials): string {
  return `Basic ${encodeBase64(new TextEncoder().encode(`${username}:${password}`))}`
}
