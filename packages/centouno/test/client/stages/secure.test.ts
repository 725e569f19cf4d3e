import { createServer } from 'node:tls'
import { once } from 'node:events'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../../../src/client/connect.ts'
import { selfSigned, signedBy, type Certificate } from '../../support/certificates.ts'
import { refused } from '../../support/refused.ts'
import {
  closeScriptedServers,
  head,
  scriptedTlsServer,
  switchLines,
  type Script,
} from '../../support/scripted-server.ts'

afterEach(closeScriptedServers)

const switching: Script = (socket, request) => socket.write(head(switchLines(request)))
const named = (url: string): string => url.replace('127.0.0.1', 'localhost')

interface Chain {
  readonly root: Certificate
  readonly middle: Certificate
  readonly leaf: Certificate
}

async function makeChain(): Promise<Chain> {
  const root = await selfSigned('root')
  const middle = await signedBy(root, 'middle', { isAuthority: true })
  return { root, middle, leaf: await signedBy(middle, 'localhost') }
}

function throwing(): undefined {
  throw new Error('not today')
}

describe('the stage secure', () => {
  test('H-CON-08: opens over TLS, and tells what was agreed', async () => {
    const certificate = await selfSigned('localhost')
    const server = await scriptedTlsServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, switching)
    const socket = await connect(named(server.url), { tls: { ca: certificate.cert } })
    const { stages } = socket.report
    expect(stages.map(({ name }) => name)).toEqual(['resolve', 'connect', 'secure', 'upgrade', 'open'])
    const secure = stages[2]
    expect(secure).toMatchObject({
      ok: true,
      facts: {
        servername: 'localhost',
        protocol: 'TLSv1.3',
        alpn: 'http/1.1',
        subject: 'localhost',
        issuer: 'localhost',
        names: 'DNS:localhost',
        authorized: true,
      },
    })
    expect(secure?.facts['cipher']).toMatch(/^TLS_/)
    expect(secure?.bytesSent).toBeGreaterThan(100)
    expect(secure?.bytesReceived).toBeGreaterThan(100)
    socket.terminate()
  })

  test('H-CON-10: SNI is the host name, and none for an IP address; H-CON-11: ALPN offers http/1.1', async () => {
    const certificate = await selfSigned('localhost')
    const server = createServer({ ...certificate, ALPNProtocols: ['h2', 'http/1.1'] })
    const seen: [servername: string | false, alpn: string | false | null][] = []
    server.on('secureConnection', (socket) => {
      seen.push([socket.servername as string | false, socket.alpnProtocol])
      socket.on('error', () => {})
      socket.destroy()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const tls = { rejectUnauthorized: false }
    await refused(`wss://localhost:${port}/`, { tls })
    await refused(`wss://127.0.0.1:${port}/`, { tls })
    expect(seen).toEqual([
      ['localhost', 'http/1.1'],
      [false, 'http/1.1'],
    ])
    server.close()
  })

  test('H-CON-09: a self-signed certificate', async () => {
    const server = await scriptedTlsServer(await selfSigned('localhost'), switching)
    const error = await refused(named(server.url))
    expect(error).toMatchObject({ code: 'SECURE_SELF_SIGNED', stage: 'secure', details: { subject: 'localhost' } })
    expect(error.report.request).toBeNull()
    expect(server.received()).toBe('')
    await server.gone
  })

  test('H-CON-09: an expired certificate', async () => {
    const certificate = await selfSigned('localhost', [-9, -2])
    const server = await scriptedTlsServer(certificate, switching)
    const error = await refused(named(server.url), { tls: { ca: certificate.cert } })
    expect(error).toMatchObject({ code: 'SECURE_EXPIRED', stage: 'secure' })
    expect(error.message).toContain(String(error.details['validTo']))
    expect(Date.parse(String(error.details['validTo']))).toBeLessThan(Date.now())
  })

  test('H-CON-09: a certificate that is not valid yet', async () => {
    const certificate = await selfSigned('localhost', [2, 9])
    const server = await scriptedTlsServer(certificate, switching)
    expect(await refused(named(server.url), { tls: { ca: certificate.cert } })).toMatchObject({
      code: 'SECURE_NOT_YET_VALID',
    })
  })

  test('H-CON-09: a certificate for another name', async () => {
    const certificate = await selfSigned('other.example')
    const server = await scriptedTlsServer(certificate, switching)
    const error = await refused(named(server.url), { tls: { ca: certificate.cert } })
    expect(error).toMatchObject({ code: 'SECURE_WRONG_NAME', stage: 'secure' })
    expect(error.message).toContain('other.example')
  })

  test.each<
    [
      code: string,
      what: string,
      sent: (chain: Chain) => readonly string[],
      trusted: (chain: Chain) => string[] | undefined,
      missing: string,
    ]
  >([
    [
      'SECURE_CHAIN_INCOMPLETE',
      'no intermediate certificate',
      ({ leaf }) => [leaf.cert],
      ({ root }) => [root.cert],
      'the certificate of middle is missing',
    ],
    [
      'SECURE_CHAIN_INCOMPLETE',
      'an intermediate of an authority nobody knows',
      ({ leaf, middle }) => [leaf.cert, middle.cert],
      () => undefined,
      'the certificate of root is missing',
    ],
    [
      'SECURE_UNKNOWN_AUTHORITY',
      'the whole chain of an authority nobody knows',
      ({ leaf, middle, root }) => [leaf.cert, middle.cert, root.cert],
      () => undefined,
      'authority this machine does not know',
    ],
  ])('H-CON-09: %s for %s', async (code, _what, sent, trusted, missing) => {
    const chain = await makeChain()
    const server = await scriptedTlsServer({ cert: sent(chain).join('\n'), key: chain.leaf.key }, switching)
    const ca = trusted(chain)
    const error = await refused(named(server.url), ca === undefined ? {} : { tls: { ca } })
    expect(error).toMatchObject({ code, stage: 'secure' })
    expect(error.message).toContain(missing)
    const names = ['localhost', 'middle', 'root'].slice(0, sent(chain).length)
    expect(error.report.stages.at(-1)?.facts['chain']).toEqual(names)
  })

  test('H-CON-09: the whole chain of an authority that is trusted opens', async () => {
    const { leaf, middle, root } = await makeChain()
    const server = await scriptedTlsServer({ cert: `${leaf.cert}\n${middle.cert}`, key: leaf.key }, switching)
    const socket = await connect(named(server.url), { tls: { ca: root.cert } })
    expect(socket.report.stages[2]?.facts).toMatchObject({ authorized: true, chain: ['localhost', 'middle', 'root'] })
    socket.terminate()
  })

  test('H-CON-09: a check of the name that throws counts as a certificate that did not pass', async () => {
    const certificate = await selfSigned('localhost')
    const server = await scriptedTlsServer(certificate, switching)
    const error = await refused(named(server.url), { tls: { ca: certificate.cert, checkServerIdentity: throwing } })
    expect(error).toMatchObject({ code: 'SECURE_CERTIFICATE_REJECTED', details: { reason: 'not today' } })
  })

  test('H-CON-09: an unverified certificate is let through on request, and reported', async () => {
    const server = await scriptedTlsServer(await selfSigned('localhost'), switching)
    const socket = await connect(named(server.url), { tls: { rejectUnauthorized: false } })
    expect(socket.report.stages.find(({ name }) => name === 'secure')?.facts).toMatchObject({
      authorized: false,
      authorizationError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    socket.terminate()
  })

  test('H-CON-09: a server that speaks an old version only', async () => {
    const certificate = await selfSigned('localhost')
    const server = await scriptedTlsServer({ ...certificate, maxVersion: 'TLSv1.2' }, switching)
    const error = await refused(named(server.url), { tls: { minVersion: 'TLSv1.3' } })
    expect(error).toMatchObject({ code: 'SECURE_PROTOCOL_VERSION', stage: 'secure' })
  })

  test.each([
    // TLS 1.2 has no alert of its own for it, but there a cipher had been agreed upon by then.
    ['TLSv1.2', ['SECURE_CLIENT_CERTIFICATE']],
    // In TLS 1.3 it comes after the client has finished, and a reset may overtake it.
    ['TLSv1.3', ['SECURE_CLIENT_CERTIFICATE', 'UPGRADE_RESET']],
  ] as const)('H-CON-09: a server that wants a client certificate, in %s', async (version, codes) => {
    const certificate = await selfSigned('localhost')
    const options = { ...certificate, requestCert: true, rejectUnauthorized: true, maxVersion: version } as const
    const server = await scriptedTlsServer(options, switching)
    const error = await refused(named(server.url), { tls: { ca: certificate.cert } })
    expect(codes).toContain(error.code)
    expect(error.report.stages.find(({ name }) => name === error.stage)?.ok).toBe(false)
  })

  test.each([
    ['an SSH server', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a mail server', '220 mail.example ESMTP\r\n'],
    ['Redis', '-ERR unknown command\r\n'],
  ])('wss: to the plain port of %s is SECURE_NOT_TLS', async (_what, greeting) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.write(greeting)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const error = await refused(`wss://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    expect(error).toMatchObject({ code: 'SECURE_NOT_TLS', stage: 'secure' })
    expect(error.hint).toContain('ws://')
    server.close()
  })

  test('wss: to a plain port that stays silent is SECURE_TIMEOUT, and says so', async () => {
    const server = createTcpServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const error = await refused(`wss://127.0.0.1:${port}/`, { handshakeTimeout: 1000 })
    expect(error).toMatchObject({ code: 'SECURE_TIMEOUT', stage: 'secure' })
    expect(error.hint).toContain('try ws://')
    server.close()
  })

  test.each([
    ['SECURE_ENDED', 'ends', (socket: Socket) => socket.end()],
    ['SECURE_RESET', 'is reset', (socket: Socket) => socket.resetAndDestroy()],
    ['SECURE_NOT_TLS', 'answers in HTTP', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('%s when the connection %s in the middle of the handshake', async (code, _what, act) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => act(socket))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const error = await refused(`wss://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    expect(error).toMatchObject({ code, stage: 'secure' })
    expect(error.cause).toBeInstanceOf(Error)
    server.close()
  })

  test('an option of TLS that cannot be used', async () => {
    const server = await scriptedTlsServer(await selfSigned('localhost'), switching)
    const error = await refused(named(server.url), { tls: { cert: 'no PEM', key: 'no PEM' } })
    expect(error).toMatchObject({ code: 'SECURE_OPTIONS', stage: 'secure' })
    await server.gone
  })
})
