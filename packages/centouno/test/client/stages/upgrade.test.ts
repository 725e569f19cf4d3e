import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../../../src/client/connect.ts'
import type { ConnectOptions } from '../../../src/client/connect-options.ts'
import { refused } from '../../support/refused.ts'
import {
  acceptFor,
  closeScriptedServers,
  head,
  scriptedServer,
  switchLines,
  type ScriptedServer,
} from '../../support/scripted-server.ts'
import { frame, join, utf8 } from '../../protocol/wire.ts'

afterEach(closeScriptedServers)

/** A server that answers with these lines, made from those of a right 101. */
function answering(change: (lines: string[], request: string) => readonly string[]): Promise<ScriptedServer> {
  return scriptedServer((socket, request) => socket.write(head(change(switchLines(request), request))))
}

/** A server that answers with these bytes and ends. */
function saying(reply: string | Uint8Array): Promise<ScriptedServer> {
  return scriptedServer((socket) => socket.end(reply))
}

const accept = (value: string) => (lines: string[]) => [...lines.slice(0, 3), `Sec-WebSocket-Accept:${value}`]

const without = (index: number) => (lines: string[]) => lines.toSpliced(index, 1)

describe('a 101 that opens', () => {
  test.each<[id: string, what: string, change: (lines: string[], request: string) => readonly string[]]>([
    ['H-RES-03', 'Upgrade in other case', (lines) => lines.with(1, 'Upgrade: WebSocket')],
    ['H-RES-04', 'Connection as a list', (lines) => lines.with(2, 'Connection: keep-alive, Upgrade')],
    [
      'H-RES-04',
      'Connection in two lines',
      (lines) => [...lines.with(2, 'Connection: keep-alive'), 'Connection: upgrade'],
    ],
    ['H-RES-05', 'blanks around the accept value', (_lines, request) => accept(`  ${acceptFor(request)}  \t`)(_lines)],
    ['H-RES-12', 'field names in any case', (lines) => lines.map((line) => line.replace('Upgrade:', 'uPgRaDe:'))],
    ['H-RES-16', 'a cookie', (lines) => [...lines, 'Set-Cookie: a=b']],
    ['H-RES-02', '103 before it', (lines) => ['HTTP/1.1 103 Early Hints', 'Link: </a>', '', ...lines]],
    [
      'H-RES-02',
      '100 and 102 before it',
      (lines) => ['HTTP/1.1 100 Continue', '', 'HTTP/1.1 102 Processing', '', ...lines],
    ],
  ])('%s: %s', async (_id, _what, change) => {
    const server = await answering(change)
    const socket = await connect(server.url)
    expect(socket.state).toBe('open')
    socket.terminate()
  })

  test('H-RES-02: the interim responses that were skipped are told', async () => {
    const server = await answering((lines) => ['HTTP/1.1 103 Early Hints', '', ...lines])
    const socket = await connect(server.url)
    const stage = socket.report.stages.find(({ name }) => name === 'upgrade')
    expect(stage?.facts).toMatchObject({ interim: ['103 Early Hints'], status: 101 })
    expect(socket.report.response?.head.startsWith('HTTP/1.1 101')).toBe(true)
    socket.terminate()
  })

  test('H-RES-16: its cookies belong to the socket, and the report hides them', async () => {
    const server = await answering((lines) => [...lines, 'Set-Cookie: a=b'])
    const socket = await connect(server.url)
    expect(socket.cookies).toEqual(['a=b'])
    expect(JSON.stringify(socket.report)).not.toContain('a=b')
    socket.terminate()
  })

  test('H-RES-15: one byte per segment, frames after it included', async () => {
    const server = await scriptedServer((socket, request) => {
      const bytes = join(utf8(head(switchLines(request))), frame(1, 'hello'))
      let index = 0
      const next = (): void => {
        if (index < bytes.length) socket.write(bytes.subarray(index, ++index), () => setImmediate(next))
      }
      next()
    })
    const socket = await connect(server.url)
    expect(await socket[Symbol.asyncIterator]().next()).toEqual({ done: false, value: 'hello' })
    socket.terminate()
  })

  test('H-SRV-22: frames in the same segment are not lost', async () => {
    const server = await scriptedServer((socket, request) =>
      socket.write(join(utf8(head(switchLines(request))), frame(1, 'one'), frame(1, 'two'))),
    )
    const socket = await connect(server.url)
    const messages = socket[Symbol.asyncIterator]()
    expect((await messages.next()).value).toBe('one')
    expect((await messages.next()).value).toBe('two')
    const upgrade = socket.report.stages.find(({ name }) => name === 'upgrade')
    expect(upgrade?.bytesReceived).toBe(socket.report.response?.head.length)
    socket.terminate()
  })

  test('H-SRV-22: a whole connection in the same segment as the 101', async () => {
    const server = await scriptedServer((socket, request) =>
      socket.end(join(utf8(head(switchLines(request))), frame(1, 'hello'), frame(8, Uint8Array.of(0x03, 0xe8)))),
    )
    const socket = await connect(server.url)
    const seen: unknown[] = []
    for await (const message of socket) seen.push(message)
    expect(seen).toEqual(['hello'])
    expect(await socket.closed).toMatchObject({ clean: true, code: 1000, initiator: 'remote' })
  })

  test('H-REQ-18: nothing is sent between the request and the 101', async () => {
    let before = ''
    const server = await scriptedServer((socket, request) => {
      // Time for a client that cannot wait; a byte of it would have come by then.
      setTimeout(() => {
        before = server.received()
        socket.write(head(switchLines(request)))
      }, 50)
    })
    const socket = await connect(server.url)
    expect(before.endsWith('\r\n\r\n')).toBe(true)
    expect(before).toBe(socket.report.request?.head)
    socket.terminate()
  })
})

describe('a 101 that breaks a rule', () => {
  const offer = { subprotocols: ['chat'] }

  test.each<
    [rule: string, code: string, what: string, change: (lines: string[]) => readonly string[], options?: ConnectOptions]
  >([
    ['H-RES-03', 'UPGRADE_NO_UPGRADE', 'no Upgrade', without(1)],
    ['H-RES-03', 'UPGRADE_NO_UPGRADE', 'another protocol', (lines) => lines.with(1, 'Upgrade: foo')],
    ['H-RES-04', 'UPGRADE_NO_CONNECTION', 'no Connection', without(2)],
    ['H-RES-04', 'UPGRADE_NO_CONNECTION', 'Connection: close', (lines) => lines.with(2, 'Connection: close')],
    ['H-RES-04', 'UPGRADE_NO_CONNECTION', 'Connection: Upgraded', (lines) => lines.with(2, 'Connection: Upgraded')],
    ['H-RES-05', 'UPGRADE_ACCEPT_MISSING', 'no accept value', without(3)],
    ['H-RES-05', 'UPGRADE_ACCEPT_WRONG', 'another accept value', accept('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')],
    ['H-RES-05', 'UPGRADE_ACCEPT_WRONG', 'an empty accept value', accept('')],
    ['H-SRV-15', 'UPGRADE_ACCEPT_REPEATED', 'the accept value twice', (lines) => [...lines, ...lines.slice(3)]],
    [
      'H-RES-06',
      'UPGRADE_EXTENSION_NOT_OFFERED',
      'an extension',
      (lines) => [...lines, 'Sec-WebSocket-Extensions: foo'],
    ],
    [
      'H-RES-07',
      'UPGRADE_EXTENSION_MALFORMED',
      'a malformed extension',
      (lines) => [...lines, 'Sec-WebSocket-Extensions: permessage-deflate; ;'],
    ],
    [
      'H-RES-09',
      'UPGRADE_SUBPROTOCOL_NOT_OFFERED',
      'another subprotocol',
      (lines) => [...lines, 'Sec-WebSocket-Protocol: nope'],
      offer,
    ],
    [
      'H-RES-09',
      'UPGRADE_SUBPROTOCOL_NOT_OFFERED',
      'an unasked subprotocol',
      (lines) => [...lines, 'Sec-WebSocket-Protocol: chat'],
    ],
    ['H-RES-10', 'UPGRADE_SUBPROTOCOL_MISSING', 'no subprotocol', (lines) => lines, offer],
    [
      'H-SRV-15',
      'UPGRADE_SUBPROTOCOL_REPEATED',
      'the subprotocol twice',
      (lines) => [...lines, 'Sec-WebSocket-Protocol: chat', 'Sec-WebSocket-Protocol: chat'],
      offer,
    ],
    ['H-RES-11', 'UPGRADE_HTTP_VERSION', 'HTTP/1.0', (lines) => lines.with(0, 'HTTP/1.0 101 Switching Protocols')],
    ['H-RES-11', 'UPGRADE_MALFORMED', 'a NUL in a value', (lines) => [...lines, 'X-A: a\0b']],
    ['H-RES-11', 'UPGRADE_MALFORMED', 'a blank before the colon', (lines) => [...lines, 'X-A : b']],
  ])('%s: %s for %s', async (rule, code, _what, change, options) => {
    const server = await answering(change)
    const error = await refused(server.url, options)
    expect(error).toMatchObject({ code, stage: 'upgrade', details: { rule } })
    expect(error.message).toContain(rule)
    expect(error.message).not.toMatch(/[{}]/)
    expect(error.report.rules).toContainEqual(expect.objectContaining({ id: rule, outcome: 'broken' }))
    expect(error.report.response?.status).toBe(101)
    await server.gone
  })

  test('H-RES-05: both values are told', async () => {
    const server = await answering(accept(' s3pPLMBiTxaQ9kYGzzhZRbK+xOo='))
    const error = await refused(server.url)
    const expected = acceptFor(error.report.request?.head ?? '')
    expect(error.details).toMatchObject({ received: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=', expected })
  })

  test('H-RES-10: is let through when no subprotocol is required', async () => {
    const server = await answering((lines) => lines)
    const socket = await connect(server.url, { ...offer, requireSubprotocol: false })
    expect(socket.subprotocol).toBe('')
    expect(socket.report.rules).toContainEqual(expect.objectContaining({ id: 'H-RES-10', outcome: 'noted' }))
    socket.terminate()
  })

  test('H-RES-05: is let through, and noted, when the rule is relaxed', async () => {
    const server = await answering(accept('x'))
    const socket = await connect(server.url, { relaxed: ['H-RES-05'] })
    expect(socket.report.rules).toContainEqual(expect.objectContaining({ id: 'H-RES-05', outcome: 'noted' }))
    socket.terminate()
  })
})

describe('H-RES-01: a reply that is no 101', () => {
  test.each([
    ['200 OK', 'UPGRADE_OK_INSTEAD'],
    ['204 No Content', 'UPGRADE_OK_INSTEAD'],
    ['301 Moved Permanently', 'UPGRADE_REDIRECT'],
    ['307 Temporary Redirect', 'UPGRADE_REDIRECT'],
    ['400 Bad Request', 'UPGRADE_BAD_REQUEST'],
    ['401 Unauthorized', 'UPGRADE_UNAUTHORIZED'],
    ['403 Forbidden', 'UPGRADE_FORBIDDEN'],
    ['404 Not Found', 'UPGRADE_NOT_FOUND'],
    ['405 Method Not Allowed', 'UPGRADE_METHOD_NOT_ALLOWED'],
    ['407 Proxy Authentication Required', 'UPGRADE_PROXY_AUTH'],
    ['418 Teapot', 'UPGRADE_STATUS'],
    ['426 Upgrade Required', 'UPGRADE_UPGRADE_REQUIRED'],
    ['429 Too Many Requests', 'UPGRADE_TOO_MANY'],
    ['500 Internal Server Error', 'UPGRADE_SERVER_ERROR'],
    ['502 Bad Gateway', 'UPGRADE_BAD_GATEWAY'],
    ['503 Service Unavailable', 'UPGRADE_UNAVAILABLE'],
    ['504 Gateway Timeout', 'UPGRADE_BAD_GATEWAY'],
  ])('%s is %s', async (line, code) => {
    const server = await saying(`HTTP/1.1 ${line}\r\nContent-Length: 0\r\n\r\n`)
    const error = await refused(server.url)
    expect(error).toMatchObject({ code, stage: 'upgrade', details: { status: Number(line.slice(0, 3)) } })
    expect(error.message).toContain(line)
    await server.gone
  })

  test.each([
    ['301 Moved', 'Location: https://other.example/ws', { location: 'https://other.example/ws' }],
    ['401 Unauthorized', 'WWW-Authenticate: Bearer realm="x"', { challenge: 'Bearer realm="x"' }],
    ['405 Method Not Allowed', 'Allow: POST', { allow: 'POST' }],
    ['407 Proxy', 'Proxy-Authenticate: Basic', { challenge: 'Basic' }],
    ['426 Upgrade Required', 'Sec-WebSocket-Version: 8, 7', { versions: '8, 7' }],
    ['429 Too Many', 'Retry-After: 5', { retryAfter: '5 s' }],
  ])('%s: %s is told', async (status, field, details) => {
    const server = await saying(`HTTP/1.1 ${status}\r\n${field}\r\nContent-Length: 0\r\n\r\n`)
    const error = await refused(server.url)
    expect(error.details).toMatchObject(details)
    expect(error.message + error.hint).toContain(Object.values(details)[0])
  })

  test('401: the body is in the report, its first line in the sentence', async () => {
    const body = '{"error":"token expired"}'
    const server = await saying(
      `HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    const error = await refused(server.url)
    expect(error.report.response).toMatchObject({ status: 401, body, bodyCut: false })
    expect(error.message).toContain(`It says: "${body}"`)
  })

  test('a body without a length is read to the end of the connection', async () => {
    const server = await saying('HTTP/1.1 500 Oops\r\n\r\nall of it')
    expect((await refused(server.url)).report.response).toMatchObject({ body: 'all of it', bodyCut: false })
  })

  test('a body that never ends is cut after a while', async () => {
    const server = await scriptedServer((socket) => socket.write('HTTP/1.1 500 Oops\r\n\r\nsome of it'))
    const error = await refused(server.url)
    expect(error).toMatchObject({ code: 'UPGRADE_SERVER_ERROR' })
    expect(error.report.response).toMatchObject({ body: 'some of it', bodyCut: true })
    await server.gone
  })

  test('a body that is cut by the deadline still makes a reply', async () => {
    const server = await scriptedServer((socket) => socket.write('HTTP/1.1 500 Oops\r\n\r\nsome of it'))
    const error = await refused(server.url, { handshakeTimeout: 1000 })
    expect(error).toMatchObject({ code: 'UPGRADE_SERVER_ERROR' })
  })

  test('a body that is cut by a reset still makes a reply', async () => {
    const server = await scriptedServer((socket) =>
      socket.write('HTTP/1.1 500 Oops\r\nContent-Length: 99\r\n\r\nsome', () =>
        setTimeout(() => socket.resetAndDestroy(), 500),
      ),
    )
    const error = await refused(server.url)
    expect(error.report.response).toMatchObject({ status: 500, body: 'some', bodyCut: true })
  })

  test.each([
    ['a rule the table has', 'H-REQ-08', 'H-REQ-08'],
    ['a rule it has not', 'H-REQ-99', undefined],
  ])('a body that names %s', async (_what, id, expected) => {
    const server = await saying(`HTTP/1.1 400 Bad Request\r\n\r\n${id}: the key is missing`)
    const error = await refused(server.url)
    expect(error.details['refusal']).toBe(expected)
    expect(error.hint.includes(id)).toBe(expected !== undefined)
  })
})

describe('no reply at all', () => {
  test('FIN instead of a reply', async () => {
    const server = await scriptedServer((socket) => socket.end())
    expect(await refused(server.url)).toMatchObject({ code: 'UPGRADE_ENDED', stage: 'upgrade' })
  })

  test('H-RES-11: FIN before the empty line of a 101 tells what came', async () => {
    const server = await scriptedServer((socket, request) => socket.end(switchLines(request).join('\r\n')))
    const error = await refused(server.url)
    expect(error).toMatchObject({ code: 'UPGRADE_ENDED' })
    expect(error.details['received']).toContain('HTTP/1.1 101')
  })

  test('RST instead of a reply', async () => {
    const server = await scriptedServer((socket) => socket.resetAndDestroy())
    const error = await refused(server.url)
    expect(error).toMatchObject({ code: 'UPGRADE_RESET', stage: 'upgrade' })
    expect(error.cause).toMatchObject({ code: 'ECONNRESET' })
  })

  test.each([
    ['UPGRADE_GARBAGE', 'an SSH server', utf8('SSH-2.0-OpenSSH_9.6\r\n')],
    ['UPGRADE_GARBAGE', 'a status line without a status', utf8('HTTP/1.1 abc\r\n\r\n')],
    // TLS record: alert (0x15), version 3.1, 2 bytes: fatal, unexpected message
    ['UPGRADE_TLS_EXPECTED', 'a TLS alert', Uint8Array.of(0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x0a)],
    [
      'UPGRADE_TLS_EXPECTED',
      "nginx's words",
      utf8('HTTP/1.1 400 Bad Request\r\n\r\n<h1>The plain HTTP request was sent to HTTPS port</h1>'),
    ],
    [
      'UPGRADE_TLS_EXPECTED',
      "Go's words",
      utf8('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'),
    ],
    // HTTP/2 frame: length 0, SETTINGS (4), no flags, stream 0
    ['UPGRADE_HTTP2_ONLY', 'an HTTP/2 SETTINGS frame', Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0)],
  ])('%s for %s', async (code, _what, bytes) => {
    // It stays open: a client that waits for a whole line would wait for long.
    const server = await scriptedServer((socket) =>
      code === 'UPGRADE_TLS_EXPECTED' ? socket.end(bytes) : socket.write(bytes),
    )
    const error = await refused(server.url)
    expect(error).toMatchObject({ code, stage: 'upgrade' })
    expect(error.report.response === null || error.report.response.status === 400).toBe(true)
    await server.gone
  })

  test('H-H1-11: a head without end', async () => {
    const server = await scriptedServer((socket) => socket.write(`HTTP/1.1 101 a\r\nX-A: ${'a'.repeat(100_000)}`))
    expect(await refused(server.url)).toMatchObject({ code: 'UPGRADE_HEAD_TOO_LARGE', details: { rule: 'H-H1-11' } })
    await server.gone
  })

  test('interim responses without end', async () => {
    const server = await scriptedServer((socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(50)))
    expect(await refused(server.url)).toMatchObject({ code: 'UPGRADE_ENDLESS_INTERIM', details: { count: 17 } })
    await server.gone
  })

  test('what the server says is quoted, so that it cannot write into a terminal', async () => {
    const server = await scriptedServer((socket) => socket.write('\u001b[2Jgone'))
    expect((await refused(server.url)).message).toContain('\\x1b[2Jgone')
  })
})
