import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { endpoint, listen } from 'centouno'
import type { Server, ServerSocket } from 'centouno'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AgentNews, LogEntry, PageOrder } from '../../src/agent/agent-message.ts'
import { connectionsPerPage, PageSession } from '../../src/agent/page-session.ts'
import { startDemo } from '../../src/demo/demo-server.ts'
import { Collected } from '../support/collected.ts'

type News<Kind extends AgentNews['news']> = Extract<AgentNews, { news: Kind }>

let demo: Server
let news: Collected<AgentNews>
let session: PageSession

beforeAll(async () => {
  demo = await startDemo({ port: 0, mode: 'echo', tls: false })
})

afterAll(() => demo.close())

beforeEach(() => {
  news = new Collected()
  session = new PageSession(async (item) => news.add(item))
})

afterEach(() => session.end())

function order(given: PageOrder): void {
  session.receive(JSON.stringify(given))
}

function connectTo(url: string, id = 'a', more: Partial<PageOrder> = {}): void {
  const base = { order: 'connect', id, url, fields: [], subprotocols: [], origin: '', skipVerification: false } as const
  session.receive(JSON.stringify({ ...base, ...more }))
}

function breakAt(url: string, head: string): void {
  const request = Buffer.from(head, 'latin1').toString('base64')
  order({ order: 'break', id: 'a', url, request, skipVerification: false })
}

function told<Kind extends AgentNews['news']>(kind: Kind): Promise<News<Kind>> {
  return news.find((item): item is News<Kind> => item.news === kind)
}

function entry(fits: (item: LogEntry) => boolean): Promise<AgentNews> {
  return news.find((item) => item.news === 'message' && fits(item.entry))
}

function entries(): string[] {
  return news.items.flatMap((item) =>
    item.news === 'message' ? [`${item.entry.direction} ${item.entry.kind} ${item.entry.data}`] : [],
  )
}

describe('a connection', () => {
  test('is told while it is being made, then reported', async () => {
    connectTo(`${demo.url}/echo`)
    const { id, report } = await told('report')
    expect(id).toBe('a')
    expect(report.verdict).toMatchObject({ ok: true, code: 'OPEN' })
    const kinds = news.items.flatMap((item) => (item.news === 'change' ? [item.change.kind] : []))
    expect(kinds).toEqual(expect.arrayContaining(['stage', 'request', 'response', 'rules', 'verdict']))
    expect(kinds.indexOf('request')).toBeLessThan(kinds.indexOf('response'))
  })

  test('is told rung by rung, and none of its secrets with them', async () => {
    connectTo(`${demo.url}/echo?access_token=s3cret-token`, 'a', {
      fields: [['Cookie', 'sid=s3cret-cookie']],
      subprotocols: ['bearer.s3cret-name', 'echo.v1'],
    } as Partial<PageOrder>)
    await told('report')
    const rungs = news.items.flatMap((item) => (item.news === 'rung' ? [item.rung] : []))
    expect(rungs.map(({ layer, label }) => `${layer} ${label.en}`)).toEqual([
      'tcp SYN',
      'tcp SYN-ACK',
      'tcp ACK',
      'http GET /echo?access_token=•••',
      expect.stringMatching(/^http \d{3} /),
      ...rungs.slice(5).map(() => expect.any(String)),
    ])
    const bytes = rungs.map((rung) => Buffer.from(rung.bytes, 'base64').toString('latin1')).join('')
    expect(bytes).toContain('Cookie: ***')
    expect(`${bytes}${JSON.stringify(rungs)}`).not.toContain('s3cret')
  })

  test('carries messages and control frames, and every one of them is logged', async () => {
    connectTo(`${demo.url}/echo`)
    await told('report')
    order({ order: 'send', id: 'a', kind: 'text', data: 'héllo' })
    await entry(({ direction, data }) => direction === 'received' && data === 'héllo')
    order({ order: 'send', id: 'a', kind: 'binary', data: 'AAH/' })
    await entry(({ direction, kind }) => direction === 'received' && kind === 'binary')
    order({ order: 'ping', id: 'a', data: 'cGluZw==' })
    await entry(({ kind }) => kind === 'pong')
    order({ order: 'close', id: 'a', code: 1000, reason: 'done' })
    const { closing } = await told('closed')
    expect(closing).toMatchObject({ code: 1000, reason: 'done', clean: true, initiator: 'local' })
    expect(closing).not.toHaveProperty('error')
    expect(entries()).toEqual([
      'sent text héllo',
      'received text héllo',
      'sent binary AAH/',
      'received binary AAH/',
      'sent ping cGluZw==',
      'received pong cGluZw==',
      'sent close done',
      // The answer repeats what it answers (RFC 6455 §5.5.1).
      'received close done',
    ])
  })

  test('sends the fields, the origin and the subprotocols that were ordered', async () => {
    connectTo(`${demo.url}/echo`, 'a', {
      fields: [
        ['X-Probe', '1'],
        ['X-Probe', '2'],
      ],
      origin: 'https://page.example',
      subprotocols: ['echo.v1'],
    } as Partial<PageOrder>)
    const { report } = await told('report')
    expect(report.request?.head).toMatch(/X-Probe: 1\r\n[\s\S]*X-Probe: 2\r\n/)
    expect(report.request?.head).toContain('Origin: https://page.example\r\n')
    expect(report.response?.head).toMatch(/Sec-WebSocket-Protocol: echo\.v1\r\n/i)
  })

  test('an unverified certificate is accepted only when ordered', async () => {
    await using secure = await startDemo({ port: 0, mode: 'echo', tls: true })
    connectTo(`${secure.url}/echo`, 'strict')
    connectTo(`${secure.url}/echo`, 'lax', { skipVerification: true } as Partial<PageOrder>)
    const strict = await news.find((item) => item.news === 'report' && item.id === 'strict')
    const lax = await news.find((item) => item.news === 'report' && item.id === 'lax')
    expect(strict).toMatchObject({ report: { verdict: { ok: false, code: 'SECURE_SELF_SIGNED' } } })
    expect(lax).toMatchObject({ report: { verdict: { ok: true } } })
  })

  test('one that fails is reported with its reason, and its id is free again', async () => {
    connectTo('ws://127.0.0.1:1/')
    expect((await told('report')).report.verdict).toMatchObject({ ok: false, code: 'CONNECT_REFUSED' })
    connectTo(`${demo.url}/echo`)
    await news.find((item) => item.news === 'report' && item.report.verdict.ok)
  })

  test('a field that is not the page’s to set is a report too, not a crash', async () => {
    connectTo(`${demo.url}/echo`, 'a', { fields: [['Host', 'x']] } as Partial<PageOrder>)
    expect((await told('report')).report.verdict).toMatchObject({ ok: false, code: 'OPTIONS_INVALID' })
  })
})

describe('what the server does', () => {
  let server: Server
  let sockets: Collected<ServerSocket>

  beforeEach(async () => {
    sockets = new Collected()
    server = await listen({ port: 0, host: '127.0.0.1' }, endpoint('/', { open: (socket) => sockets.add(socket) }))
  })

  afterEach(() => server.close())

  test('its Ping is logged with the Pong that went back', async () => {
    connectTo(server.url)
    const socket = await sockets.find(() => true)
    await told('report')
    await socket.ping('hi')
    expect(entries()).toEqual(['received ping aGk=', 'sent pong aGk='])
  })

  test('its Close is logged before the one that answers it', async () => {
    connectTo(server.url)
    const socket = await sockets.find(() => true)
    await socket.close(4001, 'enough')
    expect((await told('closed')).closing).toMatchObject({ code: 4001, initiator: 'remote' })
    expect(entries()).toEqual(['received close enough', 'sent close enough'])
  })

  test('its end without a Close is told as such', async () => {
    connectTo(server.url)
    const socket = await sockets.find(() => true)
    await told('report')
    socket.terminate()
    expect((await told('closed')).closing).toMatchObject({ code: 1006, clean: false })
    expect(entries()).toEqual([])
  })

  test('when the page goes away, its connections are closed with 1001', async () => {
    connectTo(server.url)
    const socket = await sockets.find(() => true)
    await told('report')
    await session.end()
    expect(await socket.closed).toMatchObject({ code: 1001, clean: true })
  })

  test('terminate drops the connection without a Close', async () => {
    connectTo(server.url)
    const socket = await sockets.find(() => true)
    await told('report')
    order({ order: 'terminate', id: 'a' })
    expect((await told('closed')).closing).toMatchObject({ cause: 'local-abort', clean: false })
    expect(await socket.closed).toMatchObject({ code: 1006 })
  })
})

describe('a server that says nothing', () => {
  let silent: NetServer
  let url = ''

  beforeAll(async () => {
    silent = createServer((stream) => stream.on('error', () => {}).resume())
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    url = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}/`
  })

  afterAll(() => new Promise((resolve) => silent.close(resolve)))

  test('cancel gives the attempt up', async () => {
    connectTo(url)
    await news.find((item) => item.news === 'change' && item.change.kind === 'request')
    order({ order: 'send', id: 'a', kind: 'text', data: 'too early' })
    expect(await told('trouble')).toMatchObject({ id: 'a', code: 'NOT_OPEN' })
    order({ order: 'cancel', id: 'a' })
    expect((await told('report')).report.verdict).toMatchObject({ ok: false, code: 'ABORTED', stage: 'upgrade' })
  })

  test('an id is taken while its attempt goes on', async () => {
    connectTo(url)
    connectTo(url)
    expect(await told('trouble')).toMatchObject({ id: 'a', code: 'ID_TAKEN' })
  })

  test('a page may hold 32 connections, and not one more', async () => {
    expect(connectionsPerPage).toBe(32)
    for (let number = 1; number <= connectionsPerPage + 1; number += 1) connectTo(url, `connection ${number}`)
    const { id, code } = await told('trouble')
    expect([id, code]).toEqual(['connection 33', 'CONNECTION_LIMIT'])
    expect(news.items.filter((item) => item.news === 'trouble')).toHaveLength(1)
  })

  test('when the page goes away, its attempts end', async () => {
    connectTo(url)
    await news.find((item) => item.news === 'change' && item.change.kind === 'request')
    await session.end()
    expect((await told('report')).report.verdict.code).toBe('ABORTED')
  })
})

describe('the way that the page asks for', () => {
  test('a time for the whole attempt', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`
    connectTo(url, 'a', { timeout: 200 } as Partial<PageOrder>)
    expect((await told('report')).report.verdict).toMatchObject({ code: 'UPGRADE_TIMEOUT', details: { timeout: 200 } })
    silent.close()
    await once(silent, 'close')
  })

  test('redirects, as many as wanted', async () => {
    const moved = createServer((socket) => {
      const reply = `HTTP/1.1 302 Found\r\nLocation: ${demo.url}/echo\r\nContent-Length: 0\r\n\r\n`
      socket.on('error', () => {}).once('data', () => socket.end(reply))
    }).listen(0, '127.0.0.1')
    await once(moved, 'listening')
    const url = `ws://127.0.0.1:${(moved.address() as AddressInfo).port}`
    connectTo(url, 'a', { redirects: 1 } as Partial<PageOrder>)
    expect(await told('report')).toMatchObject({ id: 'a', report: { verdict: { ok: true } } })
    connectTo(url, 'b', { redirects: 0 } as Partial<PageOrder>)
    expect(await news.find((item) => item.news === 'report' && item.id === 'b')).toMatchObject({
      report: { verdict: { code: 'UPGRADE_REDIRECT' } },
    })
    moved.close()
    await once(moved, 'close')
  })

  test('a proxy, and compression that the engine would not offer', async () => {
    connectTo(demo.url, 'a', { proxy: 'http://127.0.0.1:1' } as Partial<PageOrder>)
    expect((await told('report')).report.verdict).toMatchObject({ ok: false, details: { port: 1 } })
    connectTo(demo.url, 'b', { compression: { windowBits: 99 } } as Partial<PageOrder>)
    expect(await news.find((item) => item.news === 'report' && item.id === 'b')).toMatchObject({
      report: { verdict: { code: 'OPTIONS_INVALID' } },
    })
  })
})

describe('a broken handshake', () => {
  const valid = [
    'GET /echo HTTP/1.1',
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
  ]

  test('is sent as it is, and told as any connection: stages, rungs, rules, and the refusal', async () => {
    breakAt(demo.url, `${valid.slice(0, -1).join('\r\n')}\r\nX: \0\r\n\r\n`)
    const { report } = await told('report')
    expect(report.request?.head).toContain('X: \0\r\n')
    expect(report.response).toMatchObject({ status: 400 })
    const broken = report.rules.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)
    expect(broken).toEqual(expect.arrayContaining(['H-REQ-12', 'H-H1-06']))
    const layers = news.items.flatMap((item) => (item.news === 'rung' ? [item.rung.layer] : []))
    expect(layers).toEqual(expect.arrayContaining(['tcp', 'http']))
  })

  test('that is accepted is ended, and nothing is said over it; its id is free again', async () => {
    breakAt(demo.url, `${valid.join('\r\n')}\r\n\r\n`)
    expect((await told('report')).report.verdict.ok).toBe(true)
    order({ order: 'send', id: 'a', kind: 'text', data: 'hello' })
    await told('closed')
    const codes = news.items.flatMap((item) => (item.news === 'trouble' ? [item.code] : []))
    expect(codes.every((code) => code === 'NOT_OPEN' || code === 'ID_UNKNOWN')).toBe(true)
    breakAt(demo.url, 'x\r\n\r\n')
    await news.find((item) => item.news === 'report' && !item.report.verdict.ok)
  })

  test('that is no base64 is not sent', async () => {
    order({ order: 'break', id: 'a', url: demo.url, request: '%%', skipVerification: false })
    expect(await told('trouble')).toMatchObject({ id: 'a', code: 'DATA_NOT_BASE64' })
  })

  test('can be given up', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    breakAt(`ws://127.0.0.1:${(silent.address() as AddressInfo).port}`, 'GET')
    await news.find((item) => item.news === 'change' && item.change.kind === 'request')
    order({ order: 'cancel', id: 'a' })
    expect((await told('report')).report.verdict.code).toBe('ABORTED')
    await session.end()
    silent.close()
    await once(silent, 'close')
  })
})

describe('orders that cannot be carried out', () => {
  test.each([
    ['no JSON', 'x', '', 'ORDER_UNREADABLE'],
    ['an order with a part missing', '{"order":"send","id":"a"}', 'a', 'ORDER_UNREADABLE'],
    ['an id nobody has', '{"order":"cancel","id":"b"}', 'b', 'ID_UNKNOWN'],
  ])('%s', async (_what, text, id, code) => {
    session.receive(text)
    const trouble = await told('trouble')
    expect(trouble).toMatchObject({ id, code })
    expect(trouble.sentence).toMatch(/\.$/)
  })

  test.each<[string, PageOrder, string]>([
    ['bytes that are no base64', { order: 'send', id: 'a', kind: 'binary', data: '%%' }, 'DATA_NOT_BASE64'],
    [
      'a Ping of 126 bytes',
      { order: 'ping', id: 'a', data: Buffer.alloc(126).toString('base64') },
      'CONTROL_PAYLOAD_TOO_LONG',
    ],
    ['a code that must not be sent', { order: 'close', id: 'a', code: 1005, reason: '' }, 'CLOSE_CODE_NOT_SENDABLE'],
    [
      'a reason of 124 bytes',
      { order: 'close', id: 'a', code: 1000, reason: 'x'.repeat(124) },
      'CLOSE_REASON_TOO_LONG',
    ],
  ])('%s; the connection goes on', async (_what, bad, code) => {
    connectTo(`${demo.url}/echo`)
    await told('report')
    order(bad)
    expect(await told('trouble')).toMatchObject({ id: 'a', code })
    order({ order: 'send', id: 'a', kind: 'text', data: 'still here' })
    await entry(({ direction }) => direction === 'received')
    expect(entries()[0]).toBe('sent text still here')
  })

  test('a message over 64 MiB', async () => {
    connectTo(`${demo.url}/echo`)
    await told('report')
    order({ order: 'send', id: 'a', kind: 'text', data: 'x'.repeat(64 * 1024 * 1024 + 1) })
    expect(await told('trouble')).toMatchObject({ id: 'a', code: 'MESSAGE_LIMIT' })
  })
})
