import { StageFailure } from './stage-failure.ts'
import { shownUrl } from './shown-url.ts'

/** Where a connection goes: a URL the handshake speaks of, and the Unix socket it is reached by, if that is how. */
export interface Destination {
  readonly url: string
  readonly socketPath: string | undefined
}

const scheme = /^\s*(wss?)\+unix:/i
/** What `Host` says where there is no host: the server is on this machine. */
const host = 'localhost'

/**
 * Takes a URL for a Unix socket apart; any other is returned as it is.
 *
 *     unix-URI = ( "ws+unix:" / "wss+unix:" ) [ "//" ] absolute-path [ ":" resource ]
 *
 * `ws+unix:/run/chat.sock:/rooms/1?nick=ada` is the resource `/rooms/1?nick=ada` of the server that listens on
 * `/run/chat.sock`. A colon in the path of the socket is written `%3A`.
 */
export function destinationOf(text: string, socketPath: string | undefined): Destination {
  const found = scheme.exec(text)
  if (found === null) return { url: text, socketPath }
  const [start, secure = ''] = found
  const rest = text.slice(start.length).replace(/^\/\/(?=\/)/, '')
  const colon = rest.indexOf(':')
  const path = decode(colon === -1 ? rest : rest.slice(0, colon))
  const resource = colon === -1 ? '/' : rest.slice(colon + 1)
  if (!path.startsWith('/') || path.startsWith('//') || path.includes('\0') || !/^\/(?!\/)/.test(resource)) {
    throw new StageFailure('URI_INVALID', { rule: 'H-URI-02', found: shownUrl(text) })
  }
  return { url: `${secure.toLowerCase()}://${host}${resource}`, socketPath: socketPath ?? path }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
