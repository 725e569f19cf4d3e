import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ConnectOptions } from '../../src/client/connect-options.ts'
import { selfSigned, signedBy } from '../support/certificates.ts'
import { resettingProxy, sayingProxy, socksReady, socksReply } from '../support/proxies.ts'
import { refused } from '../support/refused.ts'
import { closedPort, scriptedServer, scriptedTlsServer } from '../support/scripted-server.ts'
import { toldBy, type Way } from './way.ts'

/*
 * The stages before the request: the call, the name, TCP, the proxy, TLS. The peers are scripts.
 */

function way(
  code: string,
  what: string,
  attempt: () => Promise<readonly [url: string, options?: ConnectOptions]>,
): Way {
  return {
    code,
    what,
    run: async () => {
      const [url, options] = await attempt()
      return { client: toldBy(await refused(url, options)) }
    },
  }
}

const loopback = (scheme: string, port: number): string => `${scheme}://127.0.0.1:${port}/`
const silent = (): void => {}

/** A way to fail with a proxy that gives these answers. */
function proxyWay(
  code: string,
  what: string,
  scheme: 'http' | 'socks5',
  ...answers: readonly (string | Uint8Array | undefined | null)[]
): Way {
  return way(code, what, async () => {
    const { port } = await sayingProxy(...answers)
    const who = code === 'SOCKS_AUTH_FAILED' ? 'ada:wrong@' : ''
    return ['ws://inside.invalid/', { proxy: `${scheme}://${who}127.0.0.1:${port}`, handshakeTimeout: 1_000 }]
  })
}

function tlsWay(code: string, what: string, act: (socket: Socket) => void, options: ConnectOptions = {}): Way {
  return way(code, what, async () => {
    const server = createServer((socket) => {
      socket.on('error', silent)
      socket.once('data', () => act(socket))
    }).listen(0, '127.0.0.1')
    cleanUp.push(() => server.close())
    await once(server, 'listening')
    return [loopback('wss', (server.address() as AddressInfo).port), options]
  })
}

/** A TLS record: alert (21), version 3.3, two bytes: fatal (2), and which (RFC 8446 §6). */
const alerting =
  (alert: number) =>
  (socket: Socket): void => {
    socket.end(Uint8Array.of(21, 3, 3, 0, 2, 2, alert))
  }

const cleanUp: (() => unknown)[] = []

/** For `afterEach`. */
export async function closeReachPeers(): Promise<void> {
  for (const end of cleanUp.splice(0)) await end()
}

/** A port whose queue of connections is full and that nobody accepts from: the system answers no further SYN. */
async function deafPort(): Promise<number> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
     const options = { port: 0, host: '127.0.0.1', backlog: 1 }
     const server = require('node:net').createServer().listen(options, () => {
       parentPort.postMessage(server.address().port)
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15_000))
     })`,
    { eval: true },
  )
  cleanUp.push(() => worker.terminate())
  const [port] = (await once(worker, 'message')) as [number]
  // A backlog of one holds two on Linux; the third is never answered.
  for (let filled = 0; filled < 2; filled += 1) {
    const filler = connect(port, '127.0.0.1')
    filler.on('error', silent)
    cleanUp.push(() => filler.destroy())
    await once(filler, 'connect')
  }
  return port
}

/** A path for a Unix socket, in a folder of its own. */
function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'centouno-way-'))
  cleanUp.push(() => rmSync(folder, { recursive: true }))
  return join(folder, 'socket')
}

function throwing(): undefined {
  throw new Error('not today')
}

export const reachWays: readonly Way[] = [
  way('URI_INVALID', 'the URL is not one of WebSocket', async () => ['ftp://127.0.0.1/']),
  way('OPTIONS_INVALID', 'a field that the client sets itself', async () => [
    'ws://127.0.0.1/',
    { headers: { Upgrade: 'h2c' } },
  ]),
  // A label of 64 letters cannot exist in the DNS, so that no server has to be asked.
  way('RESOLVE_NOT_FOUND', 'no such host', async () => [`ws://${'a'.repeat(64)}.invalid/`]),
  way('ABORTED', 'the caller gives up', async () => [
    loopback('ws', (await scriptedServer(silent)).port),
    { signal: AbortSignal.timeout(500) },
  ]),

  way('CONNECT_REFUSED', 'nobody listens', async () => [loopback('ws', await closedPort())]),
  way('CONNECT_TIMEOUT', 'SYN is never answered', async () => [
    loopback('ws', await deafPort()),
    { handshakeTimeout: 300 },
  ]),
  way('CONNECT_SOCKET_MISSING', 'no such Unix socket', async () => ['ws://a/', { socketPath: socketPath() }]),
  way('CONNECT_SOCKET_REFUSED', 'nobody listens on the Unix socket', async () => {
    const path = socketPath()
    writeFileSync(path, '')
    return ['ws://a/', { socketPath: path }]
  }),

  way('PROXY_INVALID', 'the proxy’s URL is none', async () => ['ws://a/', { proxy: 'gopher://127.0.0.1' }]),
  way('PROXY_NOT_FOUND', 'no such proxy', async () => ['ws://a/', { proxy: `http://${'a'.repeat(64)}.invalid` }]),
  way('PROXY_UNREACHABLE', 'the proxy does not listen', async () => [
    'ws://a/',
    { proxy: loopback('http', await closedPort()) },
  ]),
  way('PROXY_TLS', 'the proxy does not speak TLS', async () => [
    'ws://a/',
    { proxy: loopback('https', (await sayingProxy('HTTP/1.1 400 Bad Request\r\n\r\n')).port) },
  ]),
  proxyWay('PROXY_AUTH_REQUIRED', 'the proxy answers 407', 'http', 'HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\r\n'),
  proxyWay('PROXY_REFUSED', 'the proxy answers 403', 'http', 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n'),
  proxyWay('PROXY_GARBAGE', 'the proxy does not speak HTTP', 'http', 'SSH-2.0-x\r\n'),
  proxyWay('PROXY_ENDED', 'the proxy hangs up', 'http', null),
  proxyWay('PROXY_TIMEOUT', 'the proxy is silent', 'http', undefined),
  way('PROXY_RESET', 'the proxy resets', async () => [
    'ws://a/',
    { proxy: loopback('http', (await resettingProxy()).port) },
  ]),
  proxyWay('SOCKS_NO_METHOD', 'SOCKS: no way to authenticate', 'socks5', Uint8Array.of(5, 255)),
  proxyWay('SOCKS_AUTH_FAILED', 'SOCKS: wrong password', 'socks5', Uint8Array.of(5, 2), Uint8Array.of(1, 1)),
  ...(
    [
      [1, 'SOCKS_GENERAL_FAILURE'],
      [2, 'SOCKS_NOT_ALLOWED'],
      [3, 'SOCKS_NETWORK_UNREACHABLE'],
      [4, 'SOCKS_HOST_UNREACHABLE'],
      [5, 'SOCKS_CONNECTION_REFUSED'],
      [6, 'SOCKS_TTL_EXPIRED'],
      [7, 'SOCKS_COMMAND'],
      [8, 'SOCKS_ADDRESS_TYPE'],
      [9, 'SOCKS_UNKNOWN_REPLY'],
    ] as const
  ).map(([reply, code]) => proxyWay(code, `SOCKS: reply ${reply}`, 'socks5', socksReady, socksReply(reply))),

  way('SECURE_SELF_SIGNED', 'a certificate that vouches for itself', async () => {
    const { port } = await scriptedTlsServer(await selfSigned('localhost'), silent)
    return [`wss://localhost:${port}/`]
  }),
  way('SECURE_UNKNOWN_AUTHORITY', 'an authority nobody knows', async () => {
    const authority = await selfSigned('authority.example')
    const { cert, key } = await signedBy(authority, 'localhost')
    const { port } = await scriptedTlsServer({ key, cert: `${cert}\n${authority.cert}` }, silent)
    return [`wss://localhost:${port}/`]
  }),
  way('SECURE_CHAIN_INCOMPLETE', 'the certificate between is missing', async () => {
    const { port } = await scriptedTlsServer(await signedBy(await selfSigned('authority.example'), 'localhost'), silent)
    return [`wss://localhost:${port}/`]
  }),
  way('SECURE_EXPIRED', 'an expired certificate', async () => {
    const certificate = await selfSigned('localhost', [-9, -2])
    const { port } = await scriptedTlsServer(certificate, silent)
    return [`wss://localhost:${port}/`, { tls: { ca: certificate.cert } }]
  }),
  way('SECURE_NOT_YET_VALID', 'a certificate of the future', async () => {
    const certificate = await selfSigned('localhost', [2, 9])
    const { port } = await scriptedTlsServer(certificate, silent)
    return [`wss://localhost:${port}/`, { tls: { ca: certificate.cert } }]
  }),
  way('SECURE_WRONG_NAME', 'a certificate for another name', async () => {
    const certificate = await selfSigned('other.example')
    const { port } = await scriptedTlsServer(certificate, silent)
    return [`wss://localhost:${port}/`, { tls: { ca: certificate.cert } }]
  }),
  way('SECURE_CERTIFICATE_REJECTED', 'the caller’s own check of the name says no', async () => {
    const certificate = await selfSigned('localhost')
    const { port } = await scriptedTlsServer(certificate, silent)
    return [`wss://localhost:${port}/`, { tls: { ca: certificate.cert, checkServerIdentity: throwing } }]
  }),
  way('SECURE_CLIENT_CERTIFICATE', 'the server wants a certificate of the client', async () => {
    const certificate = await selfSigned('localhost')
    const wanting = { ...certificate, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' } as const
    const { port } = await scriptedTlsServer(wanting, silent)
    return [`wss://localhost:${port}/`, { tls: { ca: certificate.cert } }]
  }),
  way('SECURE_PROTOCOL_VERSION', 'no version of TLS in common', async () => {
    const { port } = await scriptedTlsServer({ ...(await selfSigned('localhost')), maxVersion: 'TLSv1.2' }, silent)
    return [`wss://localhost:${port}/`, { tls: { minVersion: 'TLSv1.3' } }]
  }),
  way('SECURE_OPTIONS', 'a certificate of ours that is none', async () => {
    const { port } = await scriptedTlsServer(await selfSigned('localhost'), silent)
    return [`wss://localhost:${port}/`, { tls: { cert: 'no PEM', key: 'no PEM' } }]
  }),
  tlsWay('SECURE_NOT_TLS', 'wss: to a plain port', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  tlsWay('SECURE_NO_SHARED_CIPHER', 'alert 40, handshake failure', alerting(40)),
  tlsWay('SECURE_NAME_UNKNOWN', 'alert 112, unrecognized name', alerting(112)),
  tlsWay('SECURE_ALERT', 'alert 80, internal error', alerting(80)),
  tlsWay('SECURE_ENDED', 'FIN instead of a ServerHello', (socket) => socket.end()),
  tlsWay('SECURE_RESET', 'RST instead of a ServerHello', (socket) => socket.resetAndDestroy()),
  tlsWay('SECURE_TIMEOUT', 'silence instead of a ServerHello', silent, { handshakeTimeout: 1000 }),
]
