import { EventEmitter, once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from '../../src/client/connect.ts'
import type { ConnectOptions, TlsOptions } from '../../src/client/connect-options.ts'
import { attach } from '../../src/server/attach.ts'
import { endpoint, type Endpoint } from '../../src/server/endpoint.ts'
import type { ListenOptions } from '../../src/server/listen.ts'
import { refuse } from '../../src/server/refuse.ts'
import { loopbackCertificate } from '../support/certificates.ts'
import { refused } from '../support/refused.ts'
import { serve } from '../support/serving.ts'
import { relayTo } from './relay.ts'
import { toldAs, toldBy, type Seen, type Way } from './way.ts'

/*
 * Refused by a server of ours: both sides tell the same code. Where the client keeps every rule, something between the
 * two breaks it.
 */

interface Scene {
  readonly endpoint?: Endpoint
  readonly server?: Partial<ListenOptions>
  readonly client?: ConnectOptions
  readonly path?: string
  /** What a proxy on the way makes of the request; undefined: nothing of it arrives. */
  readonly edit?: (head: string) => string | undefined
  /** What happens before the client comes, with the server's URL. */
  readonly before?: (url: string) => Promise<unknown>
}

const plain = endpoint('/', {})
const never = new Promise<undefined>(() => {})

async function play(scene: Scene): Promise<Seen> {
  const codes: string[] = []
  const server = await serve(scene.endpoint ?? plain, {
    ...scene.server,
    onRefused: ({ refusal }) => codes.push(refusal.code),
    onError: () => {},
  })
  await scene.before?.(`ws://127.0.0.1:${server.port}/`)
  const { port } = scene.edit === undefined ? server : await relayTo(server.port, scene.edit)
  const error = await refused(`ws://127.0.0.1:${port}${scene.path ?? '/'}`, {
    handshakeTimeout: 5_000,
    ...scene.client,
  })
  return { client: toldBy(error), server: toldAs(codes.at(-1) ?? 'the server told nothing') }
}

function way(code: string, what: string, scene: Scene): Way {
  return { code, what, run: () => play(scene) }
}

const replaced =
  (from: string | RegExp, to: string) =>
  (head: string): string =>
    head.replace(from, to)

/** Waits in `authorize`, and tells when a request has got that far. */
function waitingRoom(): { endpoint: Endpoint; entered: Promise<unknown> } {
  const room = new EventEmitter()
  const authorize = (): Promise<undefined> => {
    room.emit('entered')
    return never
  }
  return { endpoint: endpoint('/', { authorize }), entered: once(room, 'entered') }
}

/** Leaves an attempt that has not been answered yet; whatever becomes of it later is not looked at. */
function leave(url: string): void {
  connect(url).then(
    (socket) => socket.terminate(),
    () => {},
  )
}

async function handshakesFull(): Promise<Seen> {
  const { endpoint: waiting, entered } = waitingRoom()
  return play({
    endpoint: waiting,
    server: { limits: { handshakes: 1 } },
    before: async (url) => {
      leave(url)
      await entered
    },
  })
}

async function draining(): Promise<Seen> {
  const { endpoint: waiting, entered } = waitingRoom()
  const codes: string[] = []
  const server = await serve(waiting, { onRefused: ({ refusal }) => codes.push(refusal.code) })
  const error = refused(`ws://127.0.0.1:${server.port}/`)
  await entered
  await server.drain({ within: 2_000 })
  return { client: toldBy(await error), server: toldAs(codes[0] ?? '') }
}

/** An HTTP server sees a request without its upgrade as one like any other. */
async function stripped(): Promise<Seen> {
  const codes: string[] = []
  const httpServer = http.createServer()
  const attachment = attach(httpServer, { onRefused: ({ refusal }) => codes.push(refusal.code) }, plain)
  httpServer.listen(0, '127.0.0.1')
  await once(httpServer, 'listening')
  try {
    const { port } = await relayTo(
      (httpServer.address() as AddressInfo).port,
      replaced(/(?:Upgrade|Connection): .*\r\n/g, ''),
    )
    return { client: toldBy(await refused(`ws://127.0.0.1:${port}/`)), server: toldAs(codes[0] ?? '') }
  } finally {
    await attachment.close()
    httpServer.closeAllConnections()
    httpServer.close()
  }
}

/** A client that does not get through the TLS of a server of ours. */
async function unsecured(scheme: 'ws' | 'wss', tls: TlsOptions): Promise<Seen> {
  const certificate = await loopbackCertificate()
  const told = new EventEmitter()
  const refusal = once(told, 'refused')
  const { port } = await serve(plain, {
    tls: { ...certificate, minVersion: 'TLSv1.3' },
    onRefused: (request) => told.emit('refused', request.refusal.code),
  })
  const error = await refused(`${scheme}://127.0.0.1:${port}/`, { tls: { ca: certificate.cert, ...tls } })
  return { client: toldBy(error), server: toldAs(String((await refusal)[0])) }
}

export const refusalWays: readonly Way[] = [
  way('SERVER_NO_ENDPOINT', 'no endpoint of that path', { path: '/nowhere' }),
  way('SERVER_PARAMETER_INVALID', 'a parameter that is no number', {
    endpoint: endpoint('/', { query: { page: 'integer' } }),
    path: '/?page=one',
  }),
  way('SERVER_REFUSED', 'the application says no', {
    endpoint: endpoint('/', { authorize: () => refuse(403, 'Not on a Sunday.') }),
  }),
  way('SERVER_FAILED', 'the application throws', {
    endpoint: endpoint('/', {
      authorize: () => {
        throw new Error('not today')
      },
    }),
  }),
  way('SERVER_AUTHORIZE_TIMEOUT', 'the application does not decide', {
    endpoint: endpoint('/', { authorize: () => never }),
    server: { limits: { authorizeTimeout: 50 } },
  }),
  way('SERVER_FULL', 'no room for one more', { server: { limits: { connections: 1 } }, before: connect }),
  way('SERVER_FULL_FOR_ADDRESS', 'no room for one more from here', {
    server: { limits: { connectionsPerAddress: 1 }, proxies: [] },
    before: connect,
  }),
  { code: 'SERVER_HANDSHAKES_FULL', what: 'another handshake is being decided on', run: handshakesFull },
  { code: 'SERVER_DRAINING', what: 'the server goes away', run: draining },
  { code: 'SERVER_UPGRADE_STRIPPED', what: 'a proxy took the upgrade away', run: stripped },

  way('SERVER_PROXY_PROTOCOL', 'a proxy tells its client by the PROXY protocol', {
    edit: (head) => `PROXY TCP4 192.0.2.7 192.0.2.1 50000 80\r\n${head}`,
  }),
  { code: 'SERVER_TLS_EXPECTED', what: 'ws: to a server behind TLS', run: () => unsecured('ws', {}) },
  {
    code: 'SERVER_TLS_FAILED',
    what: 'a client that knows only older versions of TLS',
    otherwise: { client: 'SECURE_PROTOCOL_VERSION' },
    run: () => unsecured('wss', { maxVersion: 'TLSv1.2' }),
  },

  way('H-REQ-02', 'the method is changed on the way', { edit: replaced(/^GET/, 'POST') }),
  way('H-REQ-03', 'a proxy speaks HTTP/1.0', { edit: replaced('HTTP/1.1', 'HTTP/1.0') }),
  way('H-REQ-05', 'a proxy takes Host away', { edit: replaced(/Host: .*\r\n/, '') }),
  way('H-REQ-06', 'a proxy takes Upgrade away', { edit: replaced(/Upgrade: .*\r\n/, '') }),
  way('H-REQ-07', 'a proxy has its own Connection', {
    edit: replaced('Connection: Upgrade', 'Connection: keep-alive'),
  }),
  way('H-REQ-08', 'the key is cut off', { edit: replaced(/(Sec-WebSocket-Key: .{8}).*/, '$1') }),
  way('H-REQ-12', 'another version', { edit: replaced('Version: 13', 'Version: 12') }),
  way('H-SRV-06', 'a page of another origin', { client: { origin: 'https://elsewhere.example' } }),
  way('H-SRV-25', 'the request never comes to its end', {
    server: { handshakeTimeout: 100 },
    edit: (head) => head.slice(0, -4),
  }),
  way('H-H1-11', 'a cookie jar that overflows', { client: { headers: { 'X-Jar': 'a'.repeat(60_000) } } }),
]
