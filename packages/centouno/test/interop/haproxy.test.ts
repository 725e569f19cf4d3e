import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Certificate, selfSigned, signedBy } from '../support/certificates.ts'
import { findHaproxy } from '../support/real-peers.ts'
import { freePorts, runHaproxy, stopReverseProxies } from '../support/reverse-proxies.ts'
import {
  blocksOf,
  expectIdleCut,
  expectKeptByHeartbeat,
  expectOpen,
  expectTold,
  toldServer,
  type Fault,
  type ToldServer,
} from './reverse-proxy.ts'

/** A real HAProxy between our client and our server, set up wrongly in the ways in which it usually is, and rightly. */

const haproxy = findHaproxy()
const document = readFileSync(new URL('../../../../docs/howto/behind-a-proxy.md', import.meta.url), 'utf8')

describe.skipIf(haproxy.missing !== '')(`HAProxy${haproxy.missing}`, () => {
  let told: ToldServer
  let root: Certificate
  let origin = ''
  let secure = 0
  let expecting = 0
  let documented = 0
  let documentedSecure = 0
  let silent: NetServer

  beforeAll(async () => {
    told = await toldServer()
    silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const ours = told.server.port
    const mute = (silent.address() as AddressInfo).port
    const [nobody] = await freePorts(1)
    root = await selfSigned('A root of its own')
    const between = await signedBy(root, 'An authority between', { isAuthority: true })
    const [example = ''] = blocksOf(document, 'haproxy')
    const ports = await runHaproxy(haproxy.path, 5, async ([main, tls, proxied, plain, exampleTls], folder) => {
      const whole = await signedBy(between, 'chat.example')
      const incomplete = await signedBy(between, 'incomplete.example')
      await writeFile(`${folder}/whole.pem`, [whole.cert, between.cert, whole.key].join('\n'))
      await writeFile(`${folder}/incomplete.pem`, [incomplete.cert, incomplete.key].join('\n'))
      return `
${example
  .replace('bind :80', `bind 127.0.0.1:${plain}`)
  .replace(
    'bind :443 ssl crt /etc/ssl/chat.example/haproxy.pem',
    `bind 127.0.0.1:${exampleTls} ssl crt ${folder}/whole.pem`,
  )
  .replace('127.0.0.1:8080', `127.0.0.1:${ours}`)}

defaults faults
  mode http
  retries 0
  timeout connect 1s
  timeout client 20s
  timeout server 20s

frontend faults
  bind 127.0.0.1:${main}
  bind 127.0.0.1:${tls} ssl crt ${folder}/incomplete.pem
  http-request deny if { path /denied }
  http-request deny deny_status 429 if { path /too-many }
  http-request deny deny_status 404 if { path /nothing }
  http-request silent-drop if { path /dropped }
  http-request redirect location http://portal.example/login code 302 if { path /portal }
  http-request redirect scheme https code 301 if { path /to-https }
  use_backend %[path,field(2,/)]

frontend expecting
  bind 127.0.0.1:${proxied} accept-proxy
  default_backend right

backend right
  server one 127.0.0.1:${ours}
backend http-server-close
  option http-server-close
  server one 127.0.0.1:${ours}
backend httpclose
  option httpclose
  server one 127.0.0.1:${ours}
backend without-upgrade
  http-request del-header Upgrade
  server one 127.0.0.1:${ours}
backend tunnel
  timeout tunnel 2s
  server one 127.0.0.1:${ours}
backend server
  timeout server 2s
  server one 127.0.0.1:${ours}
backend empty
backend down
  server one 127.0.0.1:${nobody}
backend silent
  timeout server 1s
  server one 127.0.0.1:${mute}
backend send-proxy
  server one 127.0.0.1:${ours} send-proxy
backend send-proxy-v2
  server one 127.0.0.1:${ours} send-proxy-v2
`
    })
    const [main = 0, tls = 0, proxied = 0, plain = 0, exampleTls = 0] = ports
    origin = `127.0.0.1:${main}`
    ;[secure, expecting, documented, documentedSecure] = [tls, proxied, plain, exampleTls]
  })

  afterAll(async () => {
    await stopReverseProxies()
    silent.close()
    await told.server.close()
  })

  const behind = /client → HAProxy ✗ server/
  const hinten = /客户端 → HAProxy ✗ 服务器/
  const unnamed = /client → proxy ✗ server/

  const faults: readonly (Omit<Fault, 'url'> & { readonly path: string })[] = [
    {
      what: 'del-header Upgrade: it names itself nowhere, so what it is called is not told',
      path: '/without-upgrade',
      code: 'UPGRADE_UPGRADE_REQUIRED',
      told: { trouble: 'upgrade-lost', refusal: 'H-REQ-06' },
      hint: [/a proxy in between has probably not passed it on/, unnamed, /HAProxy.*`http-request del-header Upgrade`/],
      zh: [/途中的代理没有转发它/, /客户端 → 代理 ✗ 服务器/, /del-header Upgrade/],
      server: 'H-REQ-06',
    },
    {
      what: '503: a backend without a server',
      path: '/empty',
      code: 'UPGRADE_UNAVAILABLE',
      told: { by: 'HAProxy', trouble: 'no-server' },
      hint: [/HAProxy answered by itself: it has no server that it can reach/, behind, /a server line in the backend/],
      zh: [hinten, /server 行/],
    },
    {
      what: '503: the server is down',
      path: '/down',
      code: 'UPGRADE_UNAVAILABLE',
      told: { by: 'HAProxy', trouble: 'no-server' },
      hint: [behind, /at the right address/],
      zh: [hinten],
    },
    {
      what: '504: the server is silent',
      path: '/silent',
      code: 'UPGRADE_BAD_GATEWAY',
      told: { by: 'HAProxy', trouble: 'upstream-silent' },
      hint: [/waited for the server behind it, and gave up/, behind, /timeout server/],
      zh: [hinten, /timeout server/],
    },
    {
      what: '403: deny',
      path: '/denied',
      code: 'UPGRADE_FORBIDDEN',
      told: { by: 'HAProxy', trouble: 'denied' },
      hint: [/has probably not asked the server/, behind, /an `http-request deny` fits this request/],
      zh: [hinten],
    },
    {
      what: '429: deny with deny_status',
      path: '/too-many',
      code: 'UPGRADE_TOO_MANY',
      told: { by: 'HAProxy', trouble: 'limited' },
      hint: [behind, /deny_status.*stick table/],
      zh: [hinten],
    },
    {
      what: '404: deny with deny_status',
      path: '/nothing',
      code: 'UPGRADE_NOT_FOUND',
      told: { by: 'HAProxy', trouble: 'no-place' },
      hint: [behind, /`deny deny_status 404` fits this request/],
      zh: [hinten],
    },
    {
      what: '302 to a page for signing in',
      path: '/portal',
      code: 'UPGRADE_REDIRECT',
      told: { trouble: 'led-away', destination: 'portal.example' },
      hint: [/another host, portal\.example: probably a sign-in page/],
      zh: [/portal\.example.*登录页/],
    },
    {
      what: '301 from http to https',
      path: '/to-https',
      code: 'UPGRADE_REDIRECT',
      told: { trouble: 'to-https' },
      hint: [/write wss: instead of ws:/],
      zh: [/wss:/],
    },
    {
      what: 'send-proxy to a server that does not expect it',
      path: '/send-proxy',
      code: 'UPGRADE_BAD_REQUEST',
      told: { trouble: 'proxy-protocol', refusal: 'SERVER_PROXY_PROTOCOL' },
      hint: [/PROXY protocol, which it does not expect/, unnamed, /HAProxy: remove send-proxy/],
      zh: [/PROXY 协议/, /send-proxy/],
      server: 'SERVER_PROXY_PROTOCOL',
    },
    {
      what: 'send-proxy-v2, the same in bytes',
      path: '/send-proxy-v2',
      code: 'UPGRADE_BAD_REQUEST',
      told: { trouble: 'proxy-protocol', refusal: 'SERVER_PROXY_PROTOCOL' },
      hint: [unnamed, /HAProxy: remove send-proxy/],
      server: 'SERVER_PROXY_PROTOCOL',
    },
  ]

  test.each(faults.map((fault) => [fault.what, fault] as const))('%s', async (_what, fault) => {
    await expectTold({ ...fault, url: `ws://${origin}${fault.path}` }, told)
  })

  test('a port that expects the PROXY protocol hangs up on a client that does not speak it', async () => {
    const url = `ws://127.0.0.1:${expecting}/`
    await expectTold({ what: 'accept-proxy', url, code: 'UPGRADE_RESET', hint: [/expects the PROXY protocol/] }, told)
  })

  test('a certificate without its chain', async () => {
    const options = { tls: { servername: 'incomplete.example', ca: [root.cert] } }
    const hint = [/fullchain\.pem.*HAProxy: crt/]
    const expected = { code: 'SECURE_CHAIN_INCOMPLETE', told: { issuer: 'An authority between' }, hint }
    await expectTold({ what: 'chain', url: `wss://127.0.0.1:${secure}/`, options, ...expected }, told)
  })

  test('wss: to the port for plain text', async () => {
    const hint = [/ws:\/\/ instead of wss:\/\//, /HAProxy where `bind` has `ssl crt`/]
    await expectTold({ what: 'wss to plain', url: `wss://${origin}/right`, code: 'SECURE_NOT_TLS', hint }, told)
  })

  test('ws: to the port for TLS', async () => {
    const hint = [/Use wss:\/\//]
    await expectTold({ what: 'ws to TLS', url: `ws://127.0.0.1:${secure}/`, code: 'UPGRADE_TLS_EXPECTED', hint }, told)
  })

  test.each(['tunnel', 'server'])('timeout %s cuts an idle connection: both sides tell so', async (backend) => {
    await expectIdleCut(`ws://${origin}/${backend}`, told)
  })

  test('a heartbeat below timeout tunnel keeps it', async () => {
    await expectKeptByHeartbeat(`ws://${origin}/tunnel`, 3_500)
  })

  test.each(['right', 'http-server-close', 'httpclose'])('%s: it passes the upgrade on by itself', async (backend) => {
    await expectOpen(`ws://${origin}/${backend}`)
  })

  test('as the document says, in the clear and behind TLS', async () => {
    expect(blocksOf(document, 'haproxy')).toHaveLength(1)
    await expectOpen(`ws://127.0.0.1:${documented}/feed`)
    const tls = { servername: 'chat.example', ca: [root.cert] }
    await expectOpen(`wss://127.0.0.1:${documentedSecure}/feed`, { tls, origin: 'https://chat.example' })
  })
})
