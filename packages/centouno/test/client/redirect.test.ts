import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../../src/client/connect.ts'
import { follow, RedirectFailure } from '../../src/client/redirect.ts'
import { StageFailure } from '../../src/client/stage-failure.ts'
import { selfSigned } from '../support/certificates.ts'
import { refused } from '../support/refused.ts'
import {
  closeScriptedServers,
  head,
  scriptedServer,
  scriptedTlsServer,
  switchLines,
  type Script,
} from '../support/scripted-server.ts'

afterEach(closeScriptedServers)

const switching: Script = (socket, request) => socket.write(head(switchLines(request)))

const pointing =
  (location: string, status = '302 Found'): Script =>
  (socket) =>
    socket.end(head([`HTTP/1.1 ${status}`, `Location: ${location}`, 'Content-Length: 0']))

const credentials = { Authorization: 'Bearer hush', Cookie: 'id=hush', 'X-Api-Key': 'hush' }

describe('redirects', () => {
  test('are not followed by default; where it points is told', async () => {
    const target = await scriptedServer(switching)
    const server = await scriptedServer(pointing(target.url))
    const error = await refused(server.url)
    expect(error).toMatchObject({ code: 'UPGRADE_REDIRECT', details: { location: target.url } })
    expect(error.report.earlier).toBeUndefined()
    expect(target.received()).toBe('')
  })

  test.each(['301 Moved', '302 Found', '303 See Other', '307 Temporary', '308 Permanent'])(
    '%s is followed on request, as a new attempt with a fresh key (H-REQ-09)',
    async (status) => {
      const target = await scriptedServer(switching)
      const server = await scriptedServer(pointing(target.url.replace('ws:', 'http:'), status))
      const socket = await connect(server.url, { redirects: 1, headers: { 'X-A': 'b' }, subprotocols: [] })
      const { report } = socket
      expect(report).toMatchObject({ url: target.url, verdict: { ok: true } })
      expect(report.earlier).toMatchObject([{ url: server.url, verdict: { ok: false, code: 'UPGRADE_REDIRECT' } }])
      const keys = [server, target].map(({ received }) => /Sec-WebSocket-Key: (.*)\r/.exec(received())?.[1])
      expect(new Set(keys).size).toBe(2)
      expect(JSON.parse(JSON.stringify(report))).toEqual(report)
      socket.terminate()
    },
  )

  test('300 and 304 point nowhere', async () => {
    for (const status of ['300 Choices', '304 Not Modified']) {
      const server = await scriptedServer(pointing('/other', status))
      expect(await refused(server.url, { redirects: 5 })).toMatchObject({ code: 'UPGRADE_REDIRECT' })
    }
  })

  test('are followed so many times, and no more', async () => {
    const server = await scriptedServer(pointing('?again'))
    const error = await refused(server.url, { redirects: 3, explainSilence: false })
    expect(error).toMatchObject({ code: 'UPGRADE_REDIRECT_LIMIT', stage: 'upgrade', details: { redirects: 3 } })
    expect(error.report.earlier).toHaveLength(3)
    expect(error.report.earlier?.map(({ verdict }) => verdict.code)).toEqual(Array(3).fill('UPGRADE_REDIRECT'))
  })

  // The first attempt takes most of the time, so that a second one with a time of its own would end well after this.
  test('all attempts together have the one time', async () => {
    let requests = 0
    const server = await scriptedServer((socket, request) => {
      requests += 1
      if (requests === 1) setTimeout(() => pointing('?again')(socket, request), 900)
    })
    const begun = performance.now()
    const error = await refused(server.url, { redirects: 100, handshakeTimeout: 1500 })
    expect(performance.now() - begun).toBeLessThan(900 + 1500)
    expect(error.code).toBe('UPGRADE_TIMEOUT')
    expect(error.report.earlier).toHaveLength(1)
  })

  test.each([
    ['nothing', ''],
    ['a Unix socket', 'ws+unix:/run/docker.sock:/'],
    ['a file', 'file:///etc/passwd'],
    ['a URL with credentials', 'ws://a:b@127.0.0.1/'],
    ['a fragment', '/a#b'],
    ['no URL', 'http://['],
  ])('to %s are refused', async (_what, location) => {
    const server = await scriptedServer(pointing(location))
    const error = await refused(server.url, { redirects: 3 })
    expect(error).toMatchObject({ code: 'UPGRADE_REDIRECT_INVALID', stage: 'upgrade' })
    expect(error.report.earlier).toBeUndefined()
  })

  test('an observer is told every attempt', async () => {
    const target = await scriptedServer(switching)
    const server = await scriptedServer(pointing(target.url))
    const verdicts: string[] = []
    const socket = await connect(server.url, {
      redirects: 1,
      observe: (change) => change.kind === 'verdict' && verdicts.push(change.verdict.code),
    })
    expect(verdicts).toEqual(['UPGRADE_REDIRECT', 'OPEN'])
    socket.terminate()
  })
})

describe('what is not carried over to another host (SECURITY 2.7)', () => {
  test('ws d68ba9e1: credentials, and any other field the caller gave', async () => {
    const target = await scriptedServer(switching)
    const server = await scriptedServer(pointing(target.url))
    const socket = await connect(server.url, { redirects: 1, headers: credentials, origin: 'https://a.example' })
    expect(server.received()).toContain('hush')
    expect(target.received()).not.toContain('hush')
    expect(target.received()).toContain('Origin: https://a.example')
    socket.terminate()
  })

  // They were sent to whatever host the first one pointed at.
  test('tokens in subprotocols, while real subprotocols go along', async () => {
    const target = await scriptedServer((socket, request) =>
      socket.write(head([...switchLines(request), 'Sec-WebSocket-Protocol: chat.v1'])),
    )
    const server = await scriptedServer(pointing(target.url))
    const subprotocols = ['chat.v1', 'bearer.hush', 'eyJhush.hush.hush']
    const socket = await connect(server.url, { redirects: 1, subprotocols })
    expect(server.received()).toContain('bearer.hush')
    expect(target.received()).toMatch(/\r\nSec-WebSocket-Protocol: chat\.v1\r\n/)
    expect(target.received()).not.toContain('hush')
    expect(socket.subprotocol).toBe('chat.v1')
    socket.terminate()
  })

  test('they are not given back when it leads back to the first host', async () => {
    const requests: string[] = []
    const first = await scriptedServer((socket, request) => {
      requests.push(request)
      if (requests.length === 1) pointing(second.url)(socket, request)
      else switching(socket, request)
    })
    const second = await scriptedServer((socket, request) => pointing(first.url)(socket, request))
    const socket = await connect(first.url, { redirects: 2, headers: credentials })
    expect(requests.map((request) => request.includes('hush'))).toEqual([true, false])
    socket.terminate()
  })

  test('they are kept on the same host', async () => {
    const requests: string[] = []
    const server = await scriptedServer((socket, request) => {
      requests.push(request)
      if (requests.length === 1) pointing('/elsewhere?y')(socket, request)
      else switching(socket, request)
    })
    const socket = await connect(server.url, { redirects: 1, headers: credentials })
    expect(requests.map((request) => request.includes('Bearer hush'))).toEqual([true, true])
    expect(requests[1]).toMatch(/^GET \/elsewhere\?y HTTP/)
    socket.terminate()
  })

  test('ws 6946f5fe: from wss: there is no way to ws:, on the same host neither', async () => {
    const certificate = await selfSigned('localhost')
    const plain = await scriptedServer(switching)
    const server = await scriptedTlsServer(certificate, pointing(plain.url.replace('127.0.0.1', 'localhost')))
    const error = await refused(server.url.replace('127.0.0.1', 'localhost'), {
      redirects: 1,
      headers: credentials,
      tls: { ca: certificate.cert },
    })
    expect(error).toMatchObject({ code: 'UPGRADE_REDIRECT_INSECURE' })
    expect(plain.received()).toBe('')
  })

  test('ws bc8bd34e: a Unix socket is another host than localhost', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'centouno-'))
    const path = join(folder, 'a.sock')
    const target = await scriptedServer(switching)
    const local = await unixServer(path, target.url.replace('127.0.0.1', 'localhost'))
    const socket = await connect(`ws+unix:${path}:/chat`, { redirects: 1, headers: credentials })
    expect(local.received()).toContain('hush')
    expect(target.received()).not.toContain('hush')
    socket.terminate()
    local.server.close()
    rmSync(folder, { recursive: true })
  })

  test('the client certificate and the name it was asked under', () => {
    const options = {
      redirects: 1,
      tls: { ca: 'a', cert: 'c', key: 'k', pfx: 'p', passphrase: 's', servername: 'h' },
    }
    const failure = new RedirectFailure({}, 'wss://other.example/')
    const next = follow(failure, { url: 'wss://h.example/', socketPath: undefined, options }, 0)
    expect(next).toMatchObject({ url: 'wss://other.example/', options: { redirects: 1, tls: { ca: 'a' } } })
    expect(next).not.toBeInstanceOf(StageFailure)
    if (next instanceof StageFailure) return
    expect(Object.keys(next.options.tls ?? {})).toEqual(['ca'])
  })

  test('from ws: to wss: at the default ports it is the same host', () => {
    const options = { redirects: 1, headers: credentials }
    const failure = new RedirectFailure({}, 'https://h.example/')
    expect(follow(failure, { url: 'ws://h.example/', socketPath: undefined, options }, 0)).toMatchObject({
      url: 'wss://h.example/',
      options: { headers: credentials },
    })
  })

  test('a path stays on the Unix socket', () => {
    const leg = { url: 'ws://localhost/', socketPath: '/run/x', options: { redirects: 1, headers: credentials } }
    expect(follow(new RedirectFailure({}, '/b'), leg, 0)).toMatchObject({
      url: 'ws://localhost/b',
      socketPath: '/run/x',
      options: { headers: credentials },
    })
    expect(follow(new RedirectFailure({}, '//localhost/b'), leg, 0)).toMatchObject({ socketPath: undefined })
  })
})

async function unixServer(path: string, location: string): Promise<{ server: Server; received: () => string }> {
  let received = ''
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (received.endsWith('\r\n\r\n')) pointing(location)(socket, received)
    })
  }).listen(path)
  await once(server, 'listening')
  return { server, received: () => received }
}
