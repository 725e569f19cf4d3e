import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect, endpoint, listen, refuse, type ListenOptions, type Server } from '../src/index.ts'
import { rules } from '../src/protocol/handshake/rule-table.ts'
import { loopbackCertificate, type Certificate } from './support/certificates.ts'
import { openingRequest, RawPeer, resetRawPeers } from './support/raw-peer.ts'
import { refused } from './support/refused.ts'
import { closeScriptedServers, head, scriptedServer, switchLines } from './support/scripted-server.ts'

/**
 * RFC 6455, what only a connection can show: the rules of conduct that have no suite of their own, and at the end the
 * account of them all: each rule has a test that names it in its title, or a line here that says why it has none.
 */

const running: Server[] = []
afterEach(async () => {
  resetRawPeers()
  await closeScriptedServers()
  for (const server of running.splice(0)) await server.close()
})

async function serve(options: Partial<ListenOptions>, ...endpoints: Parameters<typeof endpoint>[]): Promise<Server> {
  const served = endpoints.map(([path, handlers]) => endpoint(path, handlers))
  const server = await listen({ port: 0, host: '127.0.0.1', ...options }, ...served)
  running.push(server)
  return server
}

describe('§4.1, the client', () => {
  let certificate: Certificate
  beforeAll(async () => {
    certificate = await loopbackCertificate()
  })

  test('H-CON-12: both roles speak TLS', async () => {
    const server = await serve({ tls: certificate }, ['/', { message: (socket, data) => socket.send(data) }])
    const socket = await connect(server.url, { tls: { ca: certificate.cert } })
    await socket.send('over TLS')
    expect(await socket[Symbol.asyncIterator]().next()).toEqual({ done: false, value: 'over TLS' })
    expect(socket.report.stages.find(({ name }) => name === 'secure')?.facts).toMatchObject({ authorized: true })
    await socket.close(1000)
  })

  test('H-REQ-19, H-SEC-06: no reserved bit is ever set, each frame is masked with a key of its own', async () => {
    const server = await scriptedServer((stream, request) => stream.write(head(switchLines(request))))
    const socket = await connect(server.url)
    for (let count = 0; count < 50; count++) await socket.send('the same text each time')
    const frameBytes = 2 + 4 + 'the same text each time'.length
    const sent = (): Buffer => Buffer.from(server.received().split('\r\n\r\n')[1] ?? '', 'latin1')
    await expect.poll(() => sent().length).toBe(50 * frameBytes)
    const keys = new Set<string>()
    for (let at = 0; at < sent().length; at += frameBytes) {
      expect(sent()[at], 'FIN and opcode 1, nothing else').toBe(0x81)
      expect((sent()[at + 1] ?? 0) & 0x80, 'the mask bit').toBe(0x80)
      keys.add(sent().toString('hex', at + 2, at + 6))
    }
    expect(keys.size).toBeGreaterThan(48)
    socket.terminate()
  })

  test('H-RES-13: once the handshake has failed, the connection is closed and nothing more is read', async () => {
    const server = await scriptedServer((stream, request) => {
      const lines = switchLines(request).map((line) => line.replace(/^(Sec-WebSocket-Accept: ).*/, '$1wrong'))
      stream.write(Buffer.concat([Buffer.from(head(lines)), Buffer.from([0x81, 0x02, 0x68, 0x69])]))
    })
    const error = await refused(server.url)
    expect(error).toMatchObject({ code: 'UPGRADE_ACCEPT_WRONG', stage: 'upgrade' })
    await server.gone
    expect(server.received(), 'nothing but the request was sent').toMatch(/\r\n\r\n$/)
  })

  test('H-TRAP-05: a 401 is an ordinary answer: its status, fields and body are kept', async () => {
    const server = await scriptedServer((stream) =>
      stream.end('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 9\r\n\r\nno entry!'),
    )
    const { report } = await refused(server.url)
    expect(report.response).toMatchObject({ status: 401, body: 'no entry!' })
    expect(report.response?.fields).toContainEqual({ name: 'WWW-Authenticate', value: 'Basic' })
  })

  test.each([
    ['Upgrade', 'UPGRADE_NO_UPGRADE'],
    ['Connection', 'UPGRADE_NO_CONNECTION'],
  ])('H-TRAP-06: a 101 without %s is told as that, not as an unexpected status', async (name, code) => {
    const server = await scriptedServer((stream, request) =>
      stream.write(head(switchLines(request).filter((line) => !line.startsWith(`${name}:`)))),
    )
    expect(await refused(server.url)).toMatchObject({ code })
  })
})

describe('§4.2, the server', () => {
  test('H-SRV-03: a TLS handshake for a name that is not served here ends the connection', async () => {
    const certificate = await loopbackCertificate()
    const server = await serve(
      {
        tls: {
          SNICallback: (name, done) =>
            name === 'localhost' ? done(null, createSecureContext(certificate)) : done(new Error(`no ${name} here`)),
          ...certificate,
        },
      },
      ['/', {}],
    )
    const known = await RawPeer.connectSecure(server.port, { ca: certificate.cert, servername: 'localhost' })
    await known.send(openingRequest('/'))
    expect(await known.status()).toBe(101)
    await expect(
      RawPeer.connectSecure(server.port, { ca: certificate.cert, servername: 'elsewhere.example' }),
    ).rejects.toThrow(/reset|disconnected|closed|ECONNRESET|alert/)
  })

  test('H-SRV-04: a 401 says how to authenticate', async () => {
    const server = await serve({}, ['/', { authorize: () => refuse(401, 'who are you?') }])
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/'))
    expect(await peer.all()).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n(.+\r\n)*WWW-Authenticate: Bearer\r\n/)
  })

  test('H-SRV-05: a redirect carries its Location', async () => {
    const location = { Location: 'wss://elsewhere.example/chat' }
    const server = await serve({}, ['/', { authorize: () => refuse(307, 'moved', location) }])
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/'))
    expect(await peer.all()).toMatch(/^HTTP\/1\.1 307 .*\r\n(.+\r\n)*Location: wss:\/\/elsewhere\.example\/chat\r\n/)
  })

  test('H-SEC-01, H-SEC-02: a foreign Origin is refused, with 403', async () => {
    const server = await serve({}, ['/', {}])
    const peer = await RawPeer.connect(server.port)
    await peer.send(openingRequest('/', 'Origin: https://evil.example'))
    expect(await peer.all()).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[^]*H-SRV-06/)
  })

  test('H-SEC-07: bytes that are no ASCII in a subprotocol are refused', async () => {
    const server = await serve({}, ['/', { subprotocols: ['chat'] }])
    const peer = await RawPeer.connect(server.port)
    await peer.send(Buffer.from(openingRequest('/', 'Sec-WebSocket-Protocol: ch\xc3\x28t'), 'latin1'))
    expect(await peer.all()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*H-REQ-14/)
  })

  test('H-SEC-09: any HTTP authentication reaches authorize', async () => {
    const server = await serve({}, [
      '/',
      {
        authorize: (request) =>
          request.header('Authorization') === 'Basic YTpi' || refuse(401, 'wrong', { 'WWW-Authenticate': 'Basic' }),
      },
    ])
    const socket = await connect(server.url, { headers: { Authorization: 'Basic YTpi' } })
    await socket.close(1000)
    expect(await refused(server.url)).toMatchObject({ code: 'UPGRADE_UNAUTHORIZED' })
  })
})

/** Rules without a test, and why. */
const withoutTest: Readonly<Record<string, string>> = {
  'H-CON-06': 'no PAC script is ever evaluated: a proxy is named by an option or by the environment',
  'H-RES-17': 'there is no other version to try again with: 13 is the only one spoken here',
  'H-VER-03': 'the versions of a refusal are shown as they came; nothing is chosen from them',
  'H-VER-04': 'as H-RES-17',
  'H-SEC-03': 'a rule for applications: docs/howto/who-may-connect.md says that an Origin proves nothing',
}

/** Sections 10 and 11 of the requirements, whose rules are not about the opening handshake alone. */
const furtherRules = [
  ...['01', '02', '03', '04', '05', '06', '07', '08', '09'].map((number) => `H-SEC-${number}`),
  ...['01', '02', '03', '04', '05', '06', '07', '08'].map((number) => `H-CLS-${number}`),
]

test('each rule has a test that names it, or a line that says why not', () => {
  const folder = import.meta.dirname
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(\.test|-proofs|vectors)\.ts$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
    // Lists of ids that are no tests: the one above, and that of the suite on the opening handshake.
    .replace(/^const withoutTest[^]*?^}/m, '')
    .replace(/^const shownByConnections[^]*?\n\n/m, '')
  // A title, a row of a table of tests, or a proof of the suite that takes its titles from the table of rules.
  const named = new Set(sources.match(/(?<=['"`][^'"`\n]*)H-[A-Z0-9]+-\d\d/g))
  const ids = [...rules.map(({ id }) => id), ...furtherRules]
  expect(ids.filter((id) => !named.has(id)).toSorted()).toEqual(Object.keys(withoutTest).toSorted())
})
