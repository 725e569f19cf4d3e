import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../../../src/client/connect.ts'
import { codeRow } from '../../../src/report/codes.ts'
import { selfSigned } from '../../support/certificates.ts'
import {
  closeProxies,
  httpProxy,
  resettingProxy,
  sayingProxy,
  socksReady,
  socksReply,
  socksProxy,
  type TestProxy,
} from '../../support/proxies.ts'
import { refused } from '../../support/refused.ts'
import {
  closedPort,
  closeScriptedServers,
  head,
  scriptedServer,
  scriptedTlsServer,
  switchLines,
  type Script,
} from '../../support/scripted-server.ts'
import { frame, join, utf8 } from '../../protocol/wire.ts'

afterEach(async () => {
  await closeScriptedServers()
  await closeProxies()
})

const switching: Script = (socket, request) => socket.write(join(utf8(head(switchLines(request))), frame(1, 'hello')))

/** A name nobody but the proxy can resolve. */
const inside = (url: string): string => url.replace('127.0.0.1', 'inside.invalid')

const portOf = (url: string): string => new URL(url).port

const schemes = ['http', 'socks5'] as const

function start(scheme: (typeof schemes)[number]): Promise<TestProxy> {
  return scheme === 'http' ? httpProxy() : socksProxy()
}

describe('H-CON-04: the stage proxy asks for a tunnel', () => {
  test.each(schemes)('to a server for ws:, over %s, and has the proxy resolve its name', async (scheme) => {
    const server = await scriptedServer(switching)
    const proxy = await start(scheme)
    const name = `${scheme}://127.0.0.1:${proxy.port}`
    const socket = await connect(inside(server.url), { proxy: name })
    expect((await socket[Symbol.asyncIterator]().next()).value).toBe('hello')
    const target = `inside.invalid:${portOf(server.url)}`
    expect(proxy.targets).toEqual([target])
    const { stages, verdict } = socket.report
    expect(stages.map((stage) => stage.name)).toEqual(['resolve', 'connect', 'proxy', 'upgrade', 'open'])
    expect(stages[0]?.facts).toMatchObject({ proxy: name, namedBy: 'options.proxy', host: '127.0.0.1' })
    expect(stages[2]).toMatchObject({ ok: true, facts: { proxy: name, target, authentication: 'none' } })
    expect(stages[2]?.bytesSent).toBeGreaterThan(10)
    expect(stages[2]?.bytesReceived).toBeGreaterThan(10)
    expect(verdict.details).toMatchObject({ address: target, proxy: name })
    // The request itself is as if there were no proxy.
    expect(server.received()).toMatch(/^GET \/chat\?x=1 HTTP\/1\.1\r\nHost: inside\.invalid:/)
    socket.terminate()
  })

  test.each(schemes)('H-CON-08: to a server for wss:, over %s, and TLS begins inside the tunnel', async (scheme) => {
    const certificate = await selfSigned('inside.invalid')
    const server = await scriptedTlsServer(certificate, switching)
    const proxy = await start(scheme)
    const socket = await connect(inside(server.url), {
      proxy: `${scheme}://127.0.0.1:${proxy.port}`,
      tls: { ca: certificate.cert },
    })
    expect((await socket[Symbol.asyncIterator]().next()).value).toBe('hello')
    expect(socket.report.stages.map(({ name }) => name)).toEqual([
      'resolve',
      'connect',
      'proxy',
      'secure',
      'upgrade',
      'open',
    ])
    expect(socket.report.stages[3]?.facts).toMatchObject({ servername: 'inside.invalid', authorized: true })
    socket.terminate()
  })

  test('of a proxy that is itself reached over TLS', async () => {
    const [outer, inner] = [await selfSigned('localhost'), await selfSigned('inside.invalid')]
    const server = await scriptedTlsServer(inner, switching)
    const proxy = await httpProxy({ tls: outer })
    const socket = await connect(inside(server.url), {
      proxy: { url: `https://localhost:${proxy.port}`, tls: { ca: outer.cert } },
      tls: { ca: inner.cert },
    })
    expect((await socket[Symbol.asyncIterator]().next()).value).toBe('hello')
    expect(await socket.report.stages.map(({ ok }) => ok)).toEqual([true, true, true, true, true, null])
    socket.terminate()
  })

  test('with user name and password, which the report does not show', async () => {
    const server = await scriptedServer(switching)
    const basic = `Basic ${Buffer.from('ada:p@ss: wörd').toString('base64')}`
    const proxy = await httpProxy({ authorization: basic })
    const url = `http://ada:${encodeURIComponent('p@ss: wörd')}@127.0.0.1:${proxy.port}`
    const socket = await connect(inside(server.url), { proxy: url })
    const report = JSON.stringify(socket.report)
    for (const secret of ['ada', 'p@ss', encodeURIComponent('p@ss'), basic]) expect(report).not.toContain(secret)
    expect(socket.report.stages[2]?.facts['authentication']).toBe('user name and password')
    socket.terminate()
    const again = await connect(inside(server.url), {
      proxy: { url: `http://127.0.0.1:${proxy.port}`, username: 'ada', password: 'p@ss: wörd' },
    })
    again.terminate()
  })

  test('with further fields', async () => {
    const server = await scriptedServer(switching)
    const proxy = await httpProxy()
    const url = `http://127.0.0.1:${proxy.port}`
    const socket = await connect(inside(server.url), { proxy: { url, headers: { 'X-Way': 'out' } } })
    expect(proxy.asked()).toBe(
      [
        `CONNECT inside.invalid:${portOf(server.url)} HTTP/1.1`,
        `Host: inside.invalid:${portOf(server.url)}`,
        'X-Way: out',
        '',
        '',
      ].join('\r\n'),
    )
    socket.terminate()
  })

  test('of a SOCKS proxy with user name and password (RFC 1929)', async () => {
    const server = await scriptedServer(switching)
    const proxy = await socksProxy({ username: 'ada', password: 'secret' })
    const socket = await connect(inside(server.url), { proxy: `socks5h://ada:secret@127.0.0.1:${proxy.port}` })
    expect(JSON.stringify(socket.report)).not.toContain('secret')
    socket.terminate()
  })

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '00000000000000000000000000000001'],
    ['[2001:db8::a:0:1]', '20010db8000000000000000a00000001'],
  ])('of a SOCKS proxy to the literal address %s', async (host, expected) => {
    const server = await scriptedServer(switching)
    const proxy = await socksProxy()
    const socket = await connect(server.url.replace('127.0.0.1', host), { proxy: `socks5://127.0.0.1:${proxy.port}` })
    expect(proxy.targets).toEqual([`${expected}:${portOf(server.url)}`])
    socket.terminate()
  })

  test('and keeps what the server says together with the proxy', async () => {
    // The proxy glues the server's first bytes to its own reply: a server that speaks first is no WebSocket server.
    const proxy = await sayingProxy('HTTP/1.1 200 OK\r\n\r\nSSH-2.0-x\r\n')
    const error = await refused('ws://inside.invalid/', { proxy: `http://127.0.0.1:${proxy.port}` })
    expect(error).toMatchObject({ stage: 'upgrade', code: 'UPGRADE_GARBAGE', details: { received: 'SSH-2.0-x\\r\\n' } })
  })

  test('and skips interim responses', async () => {
    const proxy = await sayingProxy('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 Go\r\n\r\nHTTP/1.1 404 None\r\n\r\n')
    const error = await refused('ws://inside.invalid/', { proxy: `http://127.0.0.1:${proxy.port}` })
    expect(error).toMatchObject({ stage: 'upgrade', code: 'UPGRADE_NOT_FOUND' })
  })
})

describe('H-CON-07: what fails at the proxy is told as the proxy', () => {
  test.each<[code: string, what: string, scheme: string, start: () => Promise<TestProxy>, message: RegExp]>([
    ['PROXY_AUTH_REQUIRED', '407', 'http', () => httpProxy({ authorization: 'Basic x' }), /407 Who are you\?/],
    [
      'PROXY_REFUSED',
      '403 with a body',
      'http',
      () => sayingProxy('HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nnot there'),
      /403 Forbidden and opened no tunnel to inside\.invalid:80\. It says: "not there"/,
    ],
    ['PROXY_REFUSED', '502', 'http', () => sayingProxy('HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n'), /502 Bad/],
    ['PROXY_GARBAGE', 'another protocol', 'http', () => sayingProxy('SSH-2.0-x\r\n'), /SSH-2\.0/],
    ['PROXY_GARBAGE', 'TLS', 'http', () => sayingProxy(Uint8Array.of(0x15, 3, 1, 0, 2, 2, 40)), /\\x15/],
    ['PROXY_GARBAGE', 'a status line without status', 'http', () => sayingProxy('HTTP/1.1 x\r\n\r\n'), /HTTP\/1\.1 x/],
    [
      'PROXY_GARBAGE',
      'an endless head',
      'http',
      () => sayingProxy(`HTTP/1.1 200 a\r\nX: ${'a'.repeat(99_999)}`),
      /head/,
    ],
    ['PROXY_GARBAGE', '1xx without end', 'http', () => sayingProxy('HTTP/1.1 100 a\r\n\r\n'.repeat(40)), /interim/],
    ['PROXY_ENDED', 'FIN', 'http', () => sayingProxy(null), /closed the connection/],
    ['PROXY_RESET', 'RST', 'http', resettingProxy, /ECONNRESET/],
    [
      'PROXY_TIMEOUT',
      'silence',
      'http',
      () => sayingProxy(undefined),
      /no tunnel to inside\.invalid:80 within 1000 ms\.$/,
    ],
    ['PROXY_TIMEOUT', 'half a reply', 'http', () => sayingProxy('HTTP/1.1 2'), /it sent only HTTP\/1\.1 2\.$/],
    ['PROXY_GARBAGE', 'HTTP', 'socks5', () => sayingProxy('HTTP/1.1 400 Bad Request\r\n\r\n'), /HTTP\/1\.1 400/],
    ['PROXY_GARBAGE', 'SOCKS4', 'socks5', () => sayingProxy(Uint8Array.of(0, 0x5b)), /\\x00/],
    ['PROXY_GARBAGE', 'a method not offered', 'socks5', () => sayingProxy(Uint8Array.of(5, 1)), /method 1/],
    [
      'PROXY_GARBAGE',
      'an address of no type',
      'socks5',
      () => sayingProxy(socksReady, Uint8Array.of(5, 0, 0, 9, 1)),
      /\\x05\\x00\\x00\\t/,
    ],
    ['PROXY_ENDED', 'FIN', 'socks5', () => sayingProxy(null), /closed the connection/],
    ['PROXY_RESET', 'RST', 'socks5', resettingProxy, /ECONNRESET/],
    ['PROXY_TIMEOUT', 'silence', 'socks5', () => sayingProxy(undefined), /within 1000 ms\.$/],
    [
      'SOCKS_NO_METHOD',
      'credentials wanted',
      'socks5',
      () => socksProxy({ username: 'a', password: 'b' }),
      /not at all/,
    ],
    [
      'SOCKS_AUTH_FAILED',
      'other credentials wanted',
      'socks5://a:x',
      () => socksProxy({ username: 'a', password: 'b' }),
      /did not accept/,
    ],
  ])('%s for %s over %s', async (code, _what, scheme, begin, message) => {
    const proxy = await begin()
    const [name = '', user] = scheme.split('://')
    const url = `${name}://${user === undefined ? '' : `${user}@`}127.0.0.1:${proxy.port}`
    const timeout = code === 'PROXY_TIMEOUT' ? { handshakeTimeout: 1000 } : {}
    const error = await refused('ws://inside.invalid/', { proxy: url, ...timeout })
    expect(error).toMatchObject({ code, stage: 'proxy' })
    expect(error.message).toMatch(message)
    expect(error.message).not.toMatch(/[{}]/)
    expect(error.message).toContain(`${name}://127.0.0.1:${proxy.port}`)
    expect(error.hint).not.toBe('')
    expect(error.report.stages.map((stage) => [stage.name, stage.ok])).toEqual([
      ['resolve', true],
      ['connect', true],
      ['proxy', false],
    ])
    expect(error.report.request).toBeNull()
  })

  test.each([
    [1, 'SOCKS_GENERAL_FAILURE'],
    [2, 'SOCKS_NOT_ALLOWED'],
    [3, 'SOCKS_NETWORK_UNREACHABLE'],
    [4, 'SOCKS_HOST_UNREACHABLE'],
    [5, 'SOCKS_CONNECTION_REFUSED'],
    [6, 'SOCKS_TTL_EXPIRED'],
    [7, 'SOCKS_COMMAND'],
    [8, 'SOCKS_ADDRESS_TYPE'],
    [9, 'SOCKS_UNKNOWN_REPLY'],
    [255, 'SOCKS_UNKNOWN_REPLY'],
  ])('reply %i of SOCKS5 is %s', async (number, code) => {
    const proxy = await sayingProxy(socksReady, socksReply(number))
    const error = await refused('ws://inside.invalid/', { proxy: `socks5://127.0.0.1:${proxy.port}` })
    expect(error).toMatchObject({ code, stage: 'proxy', details: { reply: number } })
    expect(error.message).toContain(`socks5://127.0.0.1:${proxy.port}`)
    expect(codeRow(code).stage).toBe('proxy')
  })

  test('PROXY_NOT_FOUND when the name of the proxy has no address', async () => {
    const error = await refused('ws://127.0.0.1/', { proxy: 'http://nowhere.invalid:3128' })
    expect(error).toMatchObject({ code: 'PROXY_NOT_FOUND', stage: 'resolve', details: { host: 'nowhere.invalid' } })
    expect(error.message).toContain('http://nowhere.invalid:3128')
    expect(error.report.stages.map(({ name, ok }) => [name, ok])).toEqual([['resolve', false]])
  })

  test('PROXY_UNREACHABLE when nothing listens there', async () => {
    const port = await closedPort()
    const error = await refused('ws://inside.invalid/', { proxy: `socks5://127.0.0.1:${port}` })
    expect(error).toMatchObject({ code: 'PROXY_UNREACHABLE', stage: 'connect' })
    expect(error.message).toContain(`socks5://127.0.0.1:${port} cannot be reached at 127.0.0.1:${port}`)
    expect(error.message).toContain('ECONNREFUSED')
    expect(error.cause).toBeInstanceOf(Error)
  })

  test.each([
    ['does not speak TLS', () => sayingProxy('HTTP/1.1 400 Bad Request\r\n\r\n'), 'SECURE_NOT_TLS'],
    [
      'has a certificate nobody vouches for',
      async () => httpProxy({ tls: await selfSigned('localhost') }),
      'SECURE_SELF_SIGNED',
    ],
  ])('PROXY_TLS when an https: proxy %s', async (_what, begin, inner) => {
    const proxy = await begin()
    const error = await refused('ws://inside.invalid/', { proxy: `https://localhost:${proxy.port}` })
    expect(error).toMatchObject({ code: 'PROXY_TLS', stage: 'proxy' })
    expect(error.message).toContain(inner)
  })

  test.each([
    ['ftp://proxy.example', 'no kind of proxy'],
    ['http://user:hush@pro xy:80', 'no URL'],
    ['http://a%3Ab:hush@proxy.example', 'colon'],
    ['socks5://:hush@proxy.example', 'no user name'],
    [`socks5://${'a'.repeat(256)}:hush@proxy.example`, '255 bytes'],
    ['http://proxy.example:0', 'port 0'],
  ])('PROXY_INVALID for %s, without its password', async (proxy, words) => {
    const error = await refused('ws://inside.invalid/', { proxy })
    expect(error).toMatchObject({ code: 'PROXY_INVALID', stage: 'resolve' })
    expect(error.message).toContain(words)
    expect(JSON.stringify(error.report) + error.message).not.toContain('hush')
  })

  test('PROXY_INVALID for a field that cannot be sent', async () => {
    const proxy = await httpProxy()
    const error = await refused('ws://inside.invalid/', {
      proxy: { url: `http://127.0.0.1:${proxy.port}`, headers: { Host: 'x' } },
    })
    expect(error.code).toBe('PROXY_INVALID')
  })

  test('a signal ends the wait for the proxy', async () => {
    const proxy = await sayingProxy(undefined)
    const controller = new AbortController()
    const error = await refused('ws://inside.invalid/', {
      proxy: `http://127.0.0.1:${proxy.port}`,
      signal: controller.signal,
      observe(change) {
        if (change.kind === 'stage' && change.stage.name === 'proxy' && change.stage.ok === null) controller.abort()
      },
    })
    expect(error).toMatchObject({ code: 'ABORTED', stage: 'proxy' })
  })
})
