import { createServer as createHttpServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { connect } from '../../src/client/connect.ts'
import type { ReportChange } from '../../src/report/connection-report.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen } from '../../src/server/listen.ts'
import { selfSigned } from '../support/certificates.ts'
import { refused } from '../support/refused.ts'
import {
  closedPort,
  closeScriptedServers,
  head,
  scriptedServer,
  scriptedTlsServer,
  switchLines,
} from '../support/scripted-server.ts'

afterEach(closeScriptedServers)

describe('connect', () => {
  test('opens, and its report tells every stage in order', async () => {
    const server = await scriptedServer((socket, request) => socket.write(head(switchLines(request))))
    const socket = await connect(server.url)
    const { report } = socket
    expect(report.verdict).toMatchObject({ ok: true, code: 'OPEN', stage: 'open' })
    expect(report.stages.map(({ name, ok }) => [name, ok])).toEqual([
      ['resolve', true],
      ['connect', true],
      ['upgrade', true],
      ['open', null],
    ])
    for (const [index, stage] of report.stages.entries()) {
      expect(stage.startMs).toBeGreaterThanOrEqual(report.stages[index - 1]?.endMs ?? 0)
    }
    expect(report.request?.head).toBe(server.received())
    expect(report.request).toMatchObject({ method: 'GET', target: '/chat?x=1' })
    expect(report.response).toMatchObject({ status: 101, body: '', bodyCut: false })
    expect(report.rules.every(({ ok }) => ok)).toBe(true)
    expect(report.rules.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['H-URI-01', 'H-REQ-07', 'H-RES-05']) as string[],
    )
    socket.terminate()
  })

  test('tells seven failures apart that a browser reports as one', async () => {
    const certificate = await selfSigned('localhost')
    const closed = await closedPort()
    const ok = await scriptedServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'))
    const unauthorized = await scriptedServer((socket) =>
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nlog in 1st'),
    )
    const drop = await scriptedServer((socket) => socket.end())
    const secure = await scriptedTlsServer(certificate, () => {})
    const wrong = await scriptedServer((socket, request) =>
      socket.write(head([...switchLines(request).slice(0, 3), 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='])),
    )
    const urls = [
      `ws://127.0.0.1:${closed}/`,
      'ws://nowhere.invalid/',
      ok.url,
      unauthorized.url,
      drop.url,
      secure.url,
      wrong.url,
    ]
    const errors = []
    for (const url of urls) errors.push(await refused(url))
    expect(errors.map(({ stage, code }) => [stage, code])).toEqual([
      ['connect', 'CONNECT_REFUSED'],
      // Without a DNS server to ask, the answer is "try again" instead of "no such name".
      ['resolve', expect.stringMatching(/^RESOLVE_(?:NOT_FOUND|TEMPORARY)$/)],
      ['upgrade', 'UPGRADE_OK_INSTEAD'],
      ['upgrade', 'UPGRADE_UNAUTHORIZED'],
      ['upgrade', 'UPGRADE_ENDED'],
      ['secure', 'SECURE_SELF_SIGNED'],
      ['upgrade', 'UPGRADE_ACCEPT_WRONG'],
    ])
    expect(new Set(errors.map(({ message }) => message)).size).toBe(7)
    expect(new Set(errors.map(({ hint }) => hint)).size).toBe(7)
    for (const error of errors) {
      const { report } = error
      expect(report.verdict).toMatchObject({ ok: false, code: error.code, sentence: error.message, hint: error.hint })
      expect(report.stages.at(-1)).toMatchObject({ name: error.stage, ok: false })
      expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    }
  })

  test('H-URI-02: a URL that cannot be dialled fails before a packet is sent, and hides its password', async () => {
    const server = await scriptedServer(() => {})
    const error = await refused(`ws://user:secret@127.0.0.1:${server.port}/`)
    expect(error).toMatchObject({ code: 'URI_INVALID', stage: 'resolve', details: { rule: 'H-URI-02' } })
    expect(error.report.stages.map(({ name, ok }) => [name, ok])).toEqual([['resolve', false]])
    expect(error.report.rules).toContainEqual(expect.objectContaining({ id: 'H-URI-02', outcome: 'broken' }))
    expect(error.report.url).toBe(`ws://127.0.0.1:${server.port}/`)
    expect(JSON.stringify(error) + error.message).not.toContain('secret')
  })

  test.each([
    ['ws://user:hush@h o/'],
    ['ws://user:hu/sh@h.example/'],
    ['ws://user:hu?sh@h.example/'],
    ['ws:user:hush@h.example:99999/'],
    ['user:hush@h.example'],
    ['gopher://user:hush@h.example/'],
  ])('H-URI-02: a text that is no URL hides its password: %s', async (url) => {
    const error = await refused(url)
    expect(error).toMatchObject({ code: 'URI_INVALID', stage: 'resolve' })
    const told = JSON.stringify([error.report, error.details]) + error.message + error.hint
    for (const secret of ['hush', 'hu/', 'hu?']) expect(told).not.toContain(secret)
  })

  test.each([
    ['a field of the handshake itself', { headers: { 'Sec-WebSocket-Key': 'mine' } }],
    ['a line break in a field', { headers: [['X-A', 'b\r\nHost: c']] as [string, string][] }],
    ['a subprotocol that is no token', { subprotocols: ['cha t'] }],
    ['a subprotocol twice', { subprotocols: ['a', 'a'] }],
    ['a timeout of zero', { handshakeTimeout: 0 }],
    ['a timeout no timer can hold', { handshakeTimeout: 2 ** 31 }],
  ])('H-REQ-16: %s fails before a packet is sent', async (_what, options) => {
    const server = await scriptedServer(() => {})
    const error = await refused(server.url, options)
    expect(error).toMatchObject({ code: 'OPTIONS_INVALID', stage: 'resolve' })
    expect(error.report.request).toBeNull()
    expect(error.report.stages.map(({ name }) => name)).toEqual(['resolve'])
  })

  test('H-REQ-16: fields of the caller are sent, in order and as often as they are given', async () => {
    const server = await scriptedServer((socket, request) => socket.write(head(switchLines(request))))
    const socket = await connect(server.url, {
      headers: { Authorization: 'Bearer x', 'X-Many': ['1', '2'] },
      origin: 'https://example.com',
      subprotocols: [],
    })
    socket.terminate()
    expect(server.received()).toContain('Authorization: Bearer x\r\nX-Many: 1\r\nX-Many: 2\r\n')
    expect(server.received()).toContain('Origin: https://example.com\r\n')
  })

  test('H-REQ-09: every attempt has a key of its own', async () => {
    const server = await scriptedServer((socket) => socket.end())
    const keys = new Set<string>()
    for (let attempt = 0; attempt < 20; attempt++) {
      const { report } = await refused(server.url, { explainSilence: false })
      keys.add(report.request?.fields.find(({ name }) => name === 'Sec-WebSocket-Key')?.value ?? '')
    }
    expect(keys.size).toBe(20)
  })

  test('tells an observer each step, and goes on when the observer throws', async () => {
    const server = await scriptedServer((socket, request) => socket.write(head(switchLines(request))))
    const changes: ReportChange[] = []
    const socket = await connect(server.url, {
      observe(change) {
        changes.push(change)
        throw new Error('from the observer')
      },
    })
    const steps = changes.map((change) =>
      change.kind === 'stage' ? `${change.stage.name} ${change.stage.ok}` : change.kind,
    )
    expect(steps).toEqual([
      'rules',
      'resolve null',
      'resolve true',
      'connect null',
      'connect true',
      'upgrade null',
      'request',
      'rules',
      'response',
      'rules',
      'upgrade true',
      'open null',
      'verdict',
    ])
    socket.terminate()
  })
})

describe('an attempt that is given up', () => {
  test('before it began fails in the first stage', async () => {
    const reason = new Error('changed my mind')
    const error = await refused('ws://127.0.0.1:9/', { signal: AbortSignal.abort(reason) })
    expect(error).toMatchObject({ code: 'ABORTED', stage: 'resolve' })
    expect(error.cause).toBe(reason)
    expect(error.message).toBe('The attempt was given up on this side, in the stage "resolve": changed my mind.')
  })

  test.each(['resolve', 'connect', 'secure', 'upgrade'] as const)('in the stage %s names it', async (stage) => {
    const silent = await scriptedServer(() => {})
    const tls = await scriptedTlsServer(await selfSigned('localhost'), () => {})
    const controller = new AbortController()
    const error = await refused(stage === 'secure' ? tls.url : silent.url, {
      signal: controller.signal,
      observe(change) {
        if (change.kind === 'stage' && change.stage.name === stage && change.stage.ok === null) controller.abort()
      },
    })
    expect(error).toMatchObject({ code: 'ABORTED', stage })
    expect(error.report.stages.at(-1)).toMatchObject({ name: stage, ok: false })
  })

  test('while waiting for the reply leaves no connection behind', async () => {
    const controller = new AbortController()
    const server = await scriptedServer(() => controller.abort())
    expect(await refused(server.url, { signal: controller.signal })).toMatchObject({
      code: 'ABORTED',
      stage: 'upgrade',
    })
    await server.gone
  })

  test('at the very last moment does not open', async () => {
    const controller = new AbortController()
    const server = await scriptedServer((socket, request) => socket.write(head(switchLines(request))))
    const error = await refused(server.url, {
      signal: controller.signal,
      observe(change) {
        if (change.kind === 'stage' && change.stage.name === 'upgrade' && change.stage.ok === true) controller.abort()
      },
    })
    expect(error).toMatchObject({ code: 'ABORTED', stage: 'upgrade' })
    await server.gone
  })

  test('after it is open is not given up any more, and the signal is let go', async () => {
    const controller = new AbortController()
    const removed = vi.spyOn(controller.signal, 'removeEventListener')
    const server = await scriptedServer((socket, request) => socket.write(head(switchLines(request))))
    const socket = await connect(server.url, { signal: controller.signal })
    controller.abort()
    expect(socket.state).toBe('open')
    expect(removed).toHaveBeenCalledOnce()
    socket.terminate()
  })
})

describe('H-RES-14: the time an attempt may take', () => {
  test('runs out in the stage upgrade for a silent server', async () => {
    const server = await scriptedServer(() => {})
    const error = await refused(server.url, { handshakeTimeout: 1000 })
    expect(error).toMatchObject({ code: 'UPGRADE_TIMEOUT', stage: 'upgrade', details: { timeout: 1000 } })
    await server.gone
  })

  test('runs out in the stage secure for a server that waits for plain text', async () => {
    const server = await scriptedServer(() => {})
    const error = await refused(server.url.replace('ws:', 'wss:'), { handshakeTimeout: 1000 })
    expect(error).toMatchObject({ code: 'SECURE_TIMEOUT', stage: 'secure' })
    await server.gone
  })

  test('tells what had come when it ran out', async () => {
    const server = await scriptedServer((socket) => socket.write('HTTP/1.1 101 Swi'))
    const error = await refused(server.url, { handshakeTimeout: 1000 })
    expect(error.details).toMatchObject({ received: 'HTTP/1.1 101 Swi' })
  })
})

describe('real servers', () => {
  test('our own: a message there and back', async () => {
    const server = await listen(
      { port: 0, host: '127.0.0.1' },
      endpoint('/echo', {
        subprotocols: ['b', 'a'],
        message: (socket, data) => void socket.send(data),
      }),
    )
    const socket = await connect(`ws://127.0.0.1:${server.port}/echo`, { subprotocols: ['a', 'b'] })
    expect(socket.subprotocol).toBe('b')
    await socket.send('hello')
    const messages = socket[Symbol.asyncIterator]()
    expect(await messages.next()).toEqual({ done: false, value: 'hello' })
    expect(await socket.close(1000)).toMatchObject({ clean: true, code: 1000 })
    await server.close()
  })

  test('our own refusal: the rule it names is in the details and the hint', async () => {
    const server = await listen({ port: 0, host: '127.0.0.1' }, endpoint('/echo', {}))
    const error = await refused(`ws://127.0.0.1:${server.port}/echo`, { origin: 'https://evil.example' })
    expect(error).toMatchObject({ code: 'UPGRADE_FORBIDDEN', details: { status: 403, refusal: 'H-SRV-06' } })
    expect(error.hint).toContain('The server names rule H-SRV-06')
    await server.close()
  })

  test('the ws package: text and binary there and back', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    server.on('connection', (peer) => peer.on('message', (data, binary) => peer.send(data, { binary })))
    const socket = await connect(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await socket.send('grüße')
    await socket.send(Uint8Array.of(1, 2, 3))
    const messages = socket[Symbol.asyncIterator]()
    expect((await messages.next()).value).toBe('grüße')
    expect(new Uint8Array((await messages.next()).value as Uint8Array)).toEqual(Uint8Array.of(1, 2, 3))
    expect(await socket.close(1000, 'done')).toMatchObject({ clean: true, code: 1000 })
    server.close()
  })

  test("Node's http server without upgrades: an ordinary page", async () => {
    const server = createHttpServer((_request, response) => response.end('<h1>hello</h1>')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const error = await refused(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    expect(error).toMatchObject({ code: 'UPGRADE_OK_INSTEAD', details: { status: 200 } })
    expect(error.report.response).toMatchObject({ body: '<h1>hello</h1>', bodyCut: false })
    server.close()
  })
})
