import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import http from 'node:http'
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { connect } from '../../src/client/connect.ts'
import { attach } from '../../src/server/attach.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { type Certificate, selfSigned, signedBy } from '../support/certificates.ts'
import { findNginx } from '../support/real-peers.ts'
import { freePorts, runNginx, stopReverseProxies } from '../support/reverse-proxies.ts'
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

/** A real nginx between our client and our server, set up wrongly in the ways in which it usually is, and rightly. */

const nginx = findNginx()
const document = readFileSync(new URL('../../../../docs/howto/behind-a-proxy.md', import.meta.url), 'utf8')

const pass = 'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";'
const page = '<!doctype html><html><head><title>The app</title></head><body></body></html>\n'

async function writeCertificate(folder: string, name: string, { cert, key }: Certificate, chain = ''): Promise<string> {
  await writeFile(`${folder}/${name}.pem`, `${cert}\n${chain}`)
  await writeFile(`${folder}/${name}.key`, key)
  return `ssl_certificate ${folder}/${name}.pem; ssl_certificate_key ${folder}/${name}.key;`
}

describe.skipIf(nginx.missing !== '')(`nginx${nginx.missing}`, () => {
  let told: ToldServer
  let root: Certificate
  let expired: Certificate
  let origin = ''
  let secure = 0
  let hosts = 0
  let documented = 0
  let documentedSecure = 0
  const others: { close(): unknown }[] = []

  beforeAll(async () => {
    told = await toldServer()
    const attached = http.createServer()
    attach(attached, { onRefused: ({ refusal }) => void told.refusals.push(refusal.code) }, endpoint('*', {}))
    const foreign = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    const silent: NetServer = createServer((socket) => socket.on('error', () => {}))
    attached.listen(0, '127.0.0.1')
    silent.listen(0, '127.0.0.1')
    others.push(attached, foreign, silent)
    await Promise.all([once(attached, 'listening'), once(foreign, 'listening'), once(silent, 'listening')])
    const [ours, byAttach, byWs, mute] = [told.server, attached.address(), foreign.address(), silent.address()].map(
      (address) => (address as AddressInfo).port,
    )
    const [nobody] = await freePorts(1)
    root = await selfSigned('A root of its own')
    const between = await signedBy(root, 'An authority between', { isAuthority: true })
    expired = await selfSigned('expired.example', [-9, -1])
    const whole = await signedBy(between, 'chat.example')
    const [plainBlock = '', secureBlock = ''] = blocksOf(document, 'nginx')
    const ports = await runNginx(nginx.path, 5, async ([main, tls, byName, example, exampleTls], folder) => {
      await writeFile(`${folder}/index.html`, page)
      const [incomplete, outdated, complete] = await Promise.all([
        writeCertificate(folder, 'incomplete', await signedBy(between, 'incomplete.example')),
        writeCertificate(folder, 'expired', expired),
        writeCertificate(folder, 'whole', whole, between.cert),
      ])
      const ofDocument = (block: string): string =>
        block
          .replace('listen 80;', `listen 127.0.0.1:${example};`)
          .replace('listen 443 ssl;', `listen 127.0.0.1:${exampleTls} ssl;`)
          .replaceAll('127.0.0.1:8080', `127.0.0.1:${ours}`)
          .replaceAll('/etc/ssl/chat.example/fullchain.pem', `${folder}/whole.pem`)
          .replaceAll('/etc/ssl/chat.example/privkey.pem', `${folder}/whole.key`)
      return `
  limit_req_zone $uri zone=requests:1m rate=1r/m;
  limit_conn_zone $uri zone=connections:1m;
  server {
    listen 127.0.0.1:${main};
    root ${folder};
    location /right { proxy_pass http://127.0.0.1:${ours}; ${pass} }
    location /without-lines { proxy_pass http://127.0.0.1:${ours}; proxy_http_version 1.1; }
    location /attached { proxy_pass http://127.0.0.1:${byAttach}; proxy_http_version 1.1; }
    location /foreign { proxy_pass http://127.0.0.1:${byWs}; proxy_http_version 1.1; }
    location /old-version { proxy_pass http://127.0.0.1:${ours}; proxy_http_version 1.0; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; }
    location /idle { proxy_pass http://127.0.0.1:${ours}; ${pass} proxy_read_timeout 2s; }
    location /down { proxy_pass http://127.0.0.1:${nobody}; ${pass} }
    location /silent { proxy_pass http://127.0.0.1:${mute}; ${pass} proxy_read_timeout 1s; }
    location /portal { return 302 http://portal.example/login; }
    location /to-https { return 301 https://$host$request_uri; }
    location /app { try_files $uri /index.html; }
    location /limited { limit_req zone=requests; proxy_pass http://127.0.0.1:${ours}; ${pass} }
    location /too-many { limit_conn connections 1; limit_conn_status 429; proxy_pass http://127.0.0.1:${ours}; ${pass} }
    location /denied { deny all; proxy_pass http://127.0.0.1:${ours}; ${pass} }
    location /nothing { return 404; }
  }
  server { listen 127.0.0.1:${byName} default_server; return 444; }
  server { listen 127.0.0.1:${byName}; server_name chat.example; location / { proxy_pass http://127.0.0.1:${ours}; ${pass} } }
  server { listen 127.0.0.1:${tls} ssl default_server; server_name chat.example; ${complete} }
  server { listen 127.0.0.1:${tls} ssl; server_name incomplete.example; ${incomplete} }
  server { listen 127.0.0.1:${tls} ssl; server_name expired.example; ${outdated} }
  ${ofDocument(plainBlock)}
  ${ofDocument(secureBlock)}`
    })
    const [main = 0, tls = 0, byName = 0, example = 0, exampleTls = 0] = ports
    origin = `127.0.0.1:${main}`
    ;[secure, hosts, documented, documentedSecure] = [tls, byName, example, exampleTls]
  })

  afterAll(async () => {
    await stopReverseProxies()
    for (const other of others) other.close()
    await told.server.close()
  })

  const lines = [
    /proxy_http_version 1\.1; proxy_set_header Upgrade \$http_upgrade; proxy_set_header Connection "upgrade";/,
  ]
  const behind = /client → nginx ✗ server/
  const hinten = /客户端 → nginx ✗ 服务器/

  const faults: readonly (Omit<Fault, 'url'> & { readonly path: string })[] = [
    {
      what: 'without the lines for Upgrade and Connection',
      path: '/without-lines',
      code: 'UPGRADE_UPGRADE_REQUIRED',
      told: { by: 'nginx', trouble: 'upgrade-lost', refusal: 'H-REQ-06' },
      hint: [/^The server got the request without Upgrade: nginx has probably not passed it on\./, behind, ...lines],
      zh: [/nginx 没有转发它/, hinten, ...lines],
      server: 'H-REQ-06',
    },
    {
      what: 'the same to a server that is attached to node:http',
      path: '/attached',
      code: 'UPGRADE_UPGRADE_REQUIRED',
      told: { by: 'nginx', trouble: 'upgrade-lost', refusal: 'SERVER_UPGRADE_STRIPPED' },
      hint: [behind, ...lines],
      zh: [hinten],
      server: 'SERVER_UPGRADE_STRIPPED',
    },
    {
      what: 'the same to a server of others, which cannot say what it misses',
      path: '/foreign',
      code: 'UPGRADE_UPGRADE_REQUIRED',
      told: { by: 'nginx', trouble: 'upgrade-perhaps-lost' },
      hint: [/The reply came through nginx\. If the server .* probably does not pass Upgrade on/, ...lines],
      zh: [/很可能是 nginx 没有转发 Upgrade/],
    },
    {
      what: 'with HTTP/1.0 to the server',
      path: '/old-version',
      code: 'UPGRADE_BAD_REQUEST',
      told: { by: 'nginx', trouble: 'http-1.0', refusal: 'H-REQ-03' },
      hint: [/HTTP\/1\.0, which cannot upgrade: nginx probably speaks it/, behind, ...lines],
      zh: [hinten],
      server: 'H-REQ-03',
    },
    {
      what: '502: the server is down',
      path: '/down',
      code: 'UPGRADE_BAD_GATEWAY',
      told: { by: 'nginx', trouble: 'upstream-failed' },
      hint: [/nginx answered by itself: it could not connect/, behind, /compare proxy_pass/],
      zh: [hinten, /proxy_pass/],
    },
    {
      what: '504: the server is silent',
      path: '/silent',
      code: 'UPGRADE_BAD_GATEWAY',
      told: { by: 'nginx', trouble: 'upstream-silent' },
      hint: [/waited for the server behind it, and gave up/, behind, /proxy_read_timeout/],
      zh: [hinten, /proxy_read_timeout/],
    },
    {
      what: '302 to a page for signing in, as a captive portal does',
      path: '/portal',
      code: 'UPGRADE_REDIRECT',
      told: { trouble: 'led-away', destination: 'portal.example' },
      hint: [/another host, portal\.example: probably a sign-in page/, /captive portal/],
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
      what: '200 with a page: the fallback of a single-page application',
      path: '/app/feed',
      code: 'UPGRADE_OK_INSTEAD',
      told: { by: 'nginx', trouble: 'page', page: 'The app' },
      hint: [
        /HTML page, titled "The app"/,
        /try_files probably led to it; give \/app\/feed a location of its own/,
        ...lines,
      ],
      zh: [/标题为“The app”/, /try_files/],
    },
    {
      what: '403: deny',
      path: '/denied',
      code: 'UPGRADE_FORBIDDEN',
      told: { by: 'nginx', trouble: 'denied' },
      hint: [/has probably not asked the server/, behind, /allow and deny/],
      zh: [hinten],
    },
    {
      what: '404 by nginx itself',
      path: '/nothing',
      code: 'UPGRADE_NOT_FOUND',
      told: { by: 'nginx', trouble: 'no-place' },
      hint: [
        /has probably not asked the server/,
        behind,
        /no location with a proxy_pass fits \/nothing, or no server_name fits 127\.0\.0\.1/,
      ],
      zh: [hinten],
    },
  ]

  test.each(faults.map((fault) => [fault.what, fault] as const))('%s', async (_what, fault) => {
    await expectTold({ ...fault, url: `ws://${origin}${fault.path}` }, told)
  })

  test('the server tells the lines to change, too', async () => {
    told.hints.length = 0
    for (const path of ['/without-lines', '/old-version']) {
      await expectTold(
        { ...(faults.find((fault) => fault.path === path) as (typeof faults)[number]), url: `ws://${origin}${path}` },
        told,
      )
    }
    expect(told.hints).toHaveLength(2)
    for (const hint of told.hints) expect(hint).toMatch(/nginx.*`proxy_http_version 1\.1`.*`proxy_set_header Upgrade/)
  })

  test('503 by limit_req: the second request within a minute', async () => {
    const url = `ws://${origin}/limited`
    await expectOpen(url)
    const hint = [/has probably not asked the server/, behind, /limit_req or limit_conn was probably reached/]
    const expected = { code: 'UPGRADE_UNAVAILABLE', told: { by: 'nginx', trouble: 'limited' }, hint }
    await expectTold({ what: 'limit_req', url, ...expected }, told)
  })

  test('429 by limit_conn: an open WebSocket counts for as long as it lasts', async () => {
    const url = `ws://${origin}/too-many`
    await using open = await connect(url)
    expect(open.state).toBe('open')
    const hint = [behind, /an open WebSocket counts for limit_conn as long as it lasts/]
    const expected = { code: 'UPGRADE_TOO_MANY', told: { by: 'nginx', trouble: 'limited' }, hint }
    await expectTold({ what: 'limit_conn', url, ...expected }, told)
  })

  test('return 444: it hangs up without a reply, for a host that no server_name fits', async () => {
    const url = `ws://127.0.0.1:${hosts}/`
    await expectTold({ what: '444', url, code: 'UPGRADE_ENDED', hint: [/nginx: return 444.*server_name/] }, told)
  })

  test.each([
    [
      'incomplete',
      'SECURE_CHAIN_INCOMPLETE',
      { issuer: 'An authority between' },
      /fullchain\.pem.*nginx: ssl_certificate/,
    ],
    ['expired', 'SECURE_EXPIRED', { subject: 'expired.example' }, /reload/],
    [
      'unknown',
      'SECURE_WRONG_NAME',
      { subject: 'chat.example' },
      /no server_name fits and the default server answered/,
    ],
  ])('a certificate: %s', async (name, code, details, hint) => {
    const options = { tls: { servername: `${name}.example`, ca: [root.cert, expired.cert] } }
    await expectTold(
      { what: name, url: `wss://127.0.0.1:${secure}/`, options, code, told: details, hint: [hint] },
      told,
    )
  })

  test('ws: to the port for TLS', async () => {
    const told400 = { by: 'nginx', trouble: 'tls-expected' }
    const hint = [
      /Use wss:\/\//,
      /nginx expects TLS on this port/,
      /client ✗ nginx → server/,
      /a `listen` without `ssl`/,
    ]
    const url = `ws://127.0.0.1:${secure}/`
    await expectTold({ what: 'ws to TLS', url, code: 'UPGRADE_TLS_EXPECTED', told: told400, hint }, told)
  })

  test('wss: to the port for plain text', async () => {
    const hint = [/ws:\/\/ instead of wss:\/\//, /nginx takes TLS where `listen` has `ssl`/]
    await expectTold({ what: 'wss to plain', url: `wss://${origin}/right`, code: 'SECURE_NOT_TLS', hint }, told)
  })

  test('proxy_read_timeout cuts an idle connection: both sides tell so', async () => {
    await expectIdleCut(`ws://${origin}/idle`, told)
  })

  test('a heartbeat below proxy_read_timeout keeps it', async () => {
    await expectKeptByHeartbeat(`ws://${origin}/idle`, 3_500)
  })

  test('set up rightly it is open, and the report tells who is between', async () => {
    const socket = await connect(`ws://${origin}/right`)
    expect(socket.report.stages.find(({ name }) => name === 'upgrade')?.facts['through']).toBe('nginx')
    await socket.close()
    await expectOpen(`ws://${origin}/right`)
  })

  test('as the document says, in the clear and behind TLS', async () => {
    expect(blocksOf(document, 'nginx')).toHaveLength(2)
    await expectOpen(`ws://127.0.0.1:${documented}/feed`)
    const tls = { servername: 'chat.example', ca: [root.cert] }
    await expectOpen(`wss://127.0.0.1:${documentedSecure}/feed`, { tls, origin: 'https://chat.example' })
  })
})
