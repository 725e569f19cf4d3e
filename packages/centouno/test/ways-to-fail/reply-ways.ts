import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import type { ConnectOptions } from '../../src/client/connect-options.ts'
import { selfSigned } from '../support/certificates.ts'
import { refused } from '../support/refused.ts'
import { head, scriptedServer, switchLines, type Script } from '../support/scripted-server.ts'
import { toldBy, type Way } from './way.ts'

/*
 * The request went out; what came back was no reply, no 101, or a 101 that breaks a rule. The servers are scripts.
 */

function way(code: string, what: string, script: Script, options: ConnectOptions = {}): Way {
  return {
    code,
    what,
    run: async () => {
      const server = await scriptedServer(script)
      return { client: toldBy(await refused(server.url, { handshakeTimeout: 2_000, ...options })) }
    },
  }
}

function statusWay(status: number, code: string, ...fields: readonly string[]): Way {
  const reply = head([`HTTP/1.1 ${status} x`, ...fields, 'Content-Length: 0'])
  return way(code, `the server answers ${status}`, (socket) => socket.end(reply))
}

function switchWay(
  code: string,
  what: string,
  change: (lines: string[]) => readonly string[],
  options: ConnectOptions = {},
): Way {
  return way(code, what, (socket, request) => socket.write(head(change(switchLines(request)))), options)
}

const offer = { subprotocols: ['chat'] }

export const replyWays: readonly Way[] = [
  way('UPGRADE_ENDED', 'FIN instead of a reply', (socket) => socket.end()),
  way('UPGRADE_RESET', 'RST instead of a reply', (socket) => socket.resetAndDestroy()),
  way('UPGRADE_TIMEOUT', 'silence instead of a reply', () => {}, { handshakeTimeout: 1000 }),
  way('UPGRADE_GARBAGE', 'an SSH server', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n')),
  {
    code: 'UPGRADE_TLS_EXPECTED',
    what: 'ws: to a TLS port',
    run: async () => {
      const server = createTlsServer(await selfSigned('localhost')).listen(0, '127.0.0.1')
      await once(server, 'listening')
      try {
        const { port } = server.address() as AddressInfo
        return { client: toldBy(await refused(`ws://localhost:${port}/`)) }
      } finally {
        server.close()
      }
    },
  },
  // HTTP/2 frame: length 0, SETTINGS (4), no flags, stream 0
  way('UPGRADE_HTTP2_ONLY', 'an HTTP/2 server', (socket) => socket.write(Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0))),
  way('UPGRADE_HEAD_TOO_LARGE', 'a reply without end', (socket) =>
    socket.write(`HTTP/1.1 101 a\r\nX-A: ${'a'.repeat(100_000)}`),
  ),
  way('UPGRADE_ENDLESS_INTERIM', 'nothing but 103', (socket) =>
    socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(50)),
  ),

  statusWay(200, 'UPGRADE_OK_INSTEAD'),
  statusWay(301, 'UPGRADE_REDIRECT', 'Location: https://other.example/ws'),
  statusWay(400, 'UPGRADE_BAD_REQUEST'),
  statusWay(401, 'UPGRADE_UNAUTHORIZED', 'WWW-Authenticate: Bearer'),
  statusWay(403, 'UPGRADE_FORBIDDEN'),
  statusWay(404, 'UPGRADE_NOT_FOUND'),
  statusWay(405, 'UPGRADE_METHOD_NOT_ALLOWED', 'Allow: POST'),
  statusWay(407, 'UPGRADE_PROXY_AUTH', 'Proxy-Authenticate: Basic'),
  statusWay(418, 'UPGRADE_STATUS'),
  statusWay(426, 'UPGRADE_UPGRADE_REQUIRED', 'Sec-WebSocket-Version: 8'),
  statusWay(429, 'UPGRADE_TOO_MANY', 'Retry-After: 5'),
  statusWay(500, 'UPGRADE_SERVER_ERROR'),
  statusWay(502, 'UPGRADE_BAD_GATEWAY'),
  statusWay(503, 'UPGRADE_UNAVAILABLE', 'Retry-After: 5'),
  way(
    'UPGRADE_REDIRECT_LIMIT',
    'redirects in a circle',
    (socket) => socket.end(head(['HTTP/1.1 307 x', 'Location: /chat', 'Content-Length: 0'])),
    { redirects: 2 },
  ),
  way(
    'UPGRADE_REDIRECT_INVALID',
    'a redirect to nowhere',
    (socket) => socket.end(head(['HTTP/1.1 307 x', 'Location: mailto:ada@example.com', 'Content-Length: 0'])),
    { redirects: 2 },
  ),

  switchWay('UPGRADE_NO_UPGRADE', 'a 101 without Upgrade', (lines) => lines.toSpliced(1, 1)),
  switchWay('UPGRADE_NO_CONNECTION', 'a 101 without Connection', (lines) => lines.toSpliced(2, 1)),
  switchWay('UPGRADE_ACCEPT_MISSING', 'a 101 without the accept value', (lines) => lines.toSpliced(3, 1)),
  switchWay('UPGRADE_ACCEPT_WRONG', 'a 101 for another key', (lines) =>
    lines.with(3, 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='),
  ),
  switchWay('UPGRADE_ACCEPT_REPEATED', 'the accept value twice', (lines) => [...lines, ...lines.slice(3)]),
  switchWay('UPGRADE_EXTENSION_NOT_OFFERED', 'an extension nobody offered', (lines) => [
    ...lines,
    'Sec-WebSocket-Extensions: foo',
  ]),
  switchWay('UPGRADE_EXTENSION_MALFORMED', 'an extension that cannot be read', (lines) => [
    ...lines,
    'Sec-WebSocket-Extensions: foo; ;',
  ]),
  switchWay(
    'UPGRADE_SUBPROTOCOL_NOT_OFFERED',
    'a subprotocol nobody offered',
    (lines) => [...lines, 'Sec-WebSocket-Protocol: nope'],
    offer,
  ),
  switchWay('UPGRADE_SUBPROTOCOL_MISSING', 'no subprotocol is chosen', (lines) => lines, offer),
  switchWay(
    'UPGRADE_SUBPROTOCOL_REPEATED',
    'the subprotocol twice',
    (lines) => [...lines, 'Sec-WebSocket-Protocol: chat', 'Sec-WebSocket-Protocol: chat'],
    offer,
  ),
  switchWay('UPGRADE_HTTP_VERSION', 'a 101 in HTTP/1.0', (lines) => lines.with(0, 'HTTP/1.0 101 Switching Protocols')),
  switchWay('UPGRADE_MALFORMED', 'a 101 with a NUL in it', (lines) => [...lines, 'X-A: a\0b']),
]
