import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer as createHttpServer, request as httpRequest } from 'node:http'
import { connect as connectTcp } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { connect } from 'centouno'
import type { Server } from 'centouno'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { startDemo } from '../../src/demo/demo-server.ts'
import { lingerTime } from '../../src/tap/client-connection.ts'
import { askRaw } from '../support/raw-http.ts'
import { tapBefore } from '../support/tap-log.ts'
import type { LoggedTap } from '../support/tap-log.ts'
import { answering, closedPort, closeRawServers, rawServer } from '../support/raw-server.ts'

const sampleKey = 'dGhlIHNhbXBsZSBub25jZQ=='

let demo: Server
const taps: LoggedTap[] = []

beforeAll(async () => {
  demo = await startDemo({ port: 0, mode: 'echo', tls: false })
})
afterAll(() => demo.close())
afterEach(async () => {
  for (const tap of taps.splice(0)) await tap.close()
  await closeRawServers()
})

async function tapped(...given: Parameters<typeof tapBefore>): Promise<LoggedTap> {
  const tap = await tapBefore(...given)
  taps.push(tap)
  return tap
}

function head(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}

function withoutDate(reply: string): string {
  return reply.replace(/^Date: .*$/m, '')
}

describe('a connection that opens', () => {
  test('is told as its client would tell it: report, messages, the end', async () => {
    const { url, log } = await tapped(demo.url)
    const socket = await connect(`${url}/echo?token=secret`, {
      subprotocols: ['echo.v1'],
      origin: url.replace('ws', 'http'),
    })
    await socket.send('hello')
    await socket.send(Uint8Array.of(1, 2))
    const heard: unknown[] = []
    for await (const message of socket) {
      heard.push(message)
      if (heard.length === 2) break
    }
    await socket.close(1000, 'enough')
    const report = await log.report(1)
    expect(report.verdict).toMatchObject({ ok: true, code: 'OPEN' })
    expect(report.url).toBe(`${demo.url}/echo?token=•••`)
    const { host } = new URL(demo.url)
    expect(report.request?.head).toContain(`\r\nHost: ${host}\r\n`)
    expect(report.request?.head).toContain(`\r\nOrigin: http://${host}\r\n`)
    expect(report.rules.filter(({ ok }) => !ok)).toEqual([])
    const upgrade = report.stages.find(({ name }) => name === 'upgrade')
    const own = url.replace('ws://', '')
    expect(upgrade?.facts['rewritten']).toEqual([`Host: ${own} → ${host}`, `Origin: http://${own} → http://${host}`])
    expect(await log.closing(1)).toMatchObject({ code: 1000, reason: 'enough', clean: true, initiator: 'local' })
    expect(log.entries(1).map(({ direction, kind, data }) => [direction, kind, data])).toEqual([
      ['sent', 'text', 'hello'],
      ['sent', 'binary', 'AQI='],
      ['received', 'text', 'hello'],
      ['received', 'binary', 'AQI='],
      ['sent', 'close', 'enough'],
      ['received', 'close', 'enough'],
    ])
    expect(heard).toEqual(['hello', Uint8Array.of(1, 2)])
  })

  test('is closed by the server, compressed, or fragmented: messages are told whole', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: { threshold: 0 } })
    await once(server, 'listening')
    server.on('connection', (socket) => {
      socket.send('compressed '.repeat(20))
      socket.send('frag', { fin: false })
      socket.send('ments', { fin: true })
      socket.ping('p')
      socket.close(4001, 'done')
    })
    const { url, log } = await tapped(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const client = new WebSocket(url)
    client.on('error', () => {})
    await once(client, 'close')
    expect(await log.closing(1)).toMatchObject({ code: 4001, clean: true, initiator: 'remote' })
    const received = log.entries(1).filter(({ direction }) => direction === 'received')
    expect(received.map(({ kind, data, code }) => [kind, data, code])).toEqual([
      ['text', 'compressed '.repeat(20), undefined],
      ['text', 'fragments', undefined],
      ['ping', 'cA==', undefined],
      ['close', 'done', 4001],
    ])
    expect(log.faults).toEqual([])
    server.close()
  })

  test('to a server under TLS has its ladder, down to the records', async () => {
    const secure = await startDemo({ port: 0, mode: 'echo', tls: true })
    const { url, log } = await tapped(secure.url, {
      withLadder: true,
      reaching: { tls: { rejectUnauthorized: false } },
    })
    const socket = await connect(`${url}/echo`)
    await socket.send('through')
    await socket[Symbol.asyncIterator]().next()
    await socket.close()
    await log.closing(1)
    const labels = log.told.flatMap((news) =>
      news.news === 'rung' ? [`${news.rung.layer} ${news.rung.label.en}`] : [],
    )
    expect(labels).toEqual(
      expect.arrayContaining(['tcp SYN', 'tls ClientHello', 'http GET /echo', 'http 101 Switching Protocols']),
    )
    expect(labels.filter((label) => label.startsWith('websocket Text'))).toHaveLength(2)
    expect((await log.report(1)).stages.map(({ name }) => name)).toContain('secure')
    await secure.close()
  })
})

describe('a connection that fails', () => {
  test('as the target refuses TCP: the client gets 502 with the code', async () => {
    const { url, log } = await tapped(`ws://127.0.0.1:${await closedPort()}`)
    await expect(connect(`${url}/chat`)).rejects.toMatchObject({ code: 'UPGRADE_BAD_GATEWAY' })
    const report = await log.report(1)
    expect(report.verdict).toMatchObject({ ok: false, stage: 'connect', code: 'CONNECT_REFUSED' })
    const page = await fetch(url.replace('ws', 'http'))
    expect(page.status).toBe(502)
    expect(await page.text()).toContain('code: CONNECT_REFUSED')
    expect(log.requests).toMatchObject([{ method: 'GET', target: '/', status: 502, failure: 'CONNECT_REFUSED' }])
  })

  test('as its name is unknown', async () => {
    const { url, log } = await tapped('ws://nowhere.invalid')
    await expect(connect(url)).rejects.toMatchObject({ code: 'UPGRADE_BAD_GATEWAY' })
    expect((await log.report(1)).verdict).toMatchObject({ stage: 'resolve' })
  })

  test('as its certificate is not trusted', async () => {
    const secure = await startDemo({ port: 0, mode: 'echo', tls: true })
    const { url, log } = await tapped(secure.url)
    await expect(connect(url)).rejects.toMatchObject({ code: 'UPGRADE_BAD_GATEWAY' })
    expect((await log.report(1)).verdict.code).toBe('SECURE_SELF_SIGNED')
    await secure.close()
  })

  test('as it refuses: client and tap tell the same', async () => {
    const { url, log } = await tapped(demo.url)
    await expect(connect(`${url}/nothing-here`)).rejects.toMatchObject({ code: 'UPGRADE_NOT_FOUND' })
    expect((await log.report(1)).verdict.code).toBe('UPGRADE_NOT_FOUND')
    expect(log.told.some(({ news }) => news === 'closed')).toBe(false)
  })

  test('as it resets the connection, before a reply and after', async () => {
    const before = await rawServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const { url, log } = await tapped(before)
    await expect(connect(url, { explainSilence: false })).rejects.toMatchObject({ code: 'UPGRADE_RESET' })
    expect((await log.report(1)).verdict.code).toBe('UPGRADE_RESET')
    const after = await rawServer((socket) => answering(socket, () => socket.resetAndDestroy()))
    const second = await tapped(after)
    const socket = await connect(second.url)
    await socket.send('now')
    expect((await socket.closed).cause).toBe('peer-reset')
    expect(await second.log.closing(1)).toMatchObject({ cause: 'peer-reset', initiator: 'remote', code: 1006 })
  })

  test('as its client leaves without a goodbye, or resets it', async () => {
    const seen: Promise<unknown>[] = []
    const errors: string[] = []
    const server = await rawServer((socket) => {
      socket.on('error', (error) => errors.push('code' in error ? String(error.code) : ''))
      socket.once('end', () => socket.end())
      seen.push(new Promise((resolve) => socket.once('close', resolve)))
      answering(socket, () => {})
    })
    const { url, log } = await tapped(server, { withLadder: true })
    const leaving = await connect(url)
    await leaving.send('now')
    leaving.terminate()
    expect(await log.closing(1)).toMatchObject({ cause: 'local-abort', initiator: 'local', clean: false })
    const resetting = new WebSocket(url)
    await once(resetting, 'open')
    const { _socket: socket } = resetting as unknown as { _socket: Socket }
    socket.resetAndDestroy()
    expect(await log.closing(2)).toMatchObject({ cause: 'local-abort', initiator: 'local', clean: false })
    await Promise.all(seen)
    expect(errors).toEqual(['ECONNRESET'])
    const last = log.told.findLast((news) => news.news === 'rung')
    expect(last).toMatchObject({ id: 'tap-2', rung: { layer: 'tcp', from: 'client', label: { en: 'RST' } } })
  })

  test('as its client leaves before there was a reply', async () => {
    const leaving = new AbortController()
    const { url, log } = await tapped(await rawServer((socket) => socket.once('data', () => leaving.abort())))
    await expect(connect(url, { signal: leaving.signal })).rejects.toMatchObject({ code: 'ABORTED' })
    expect((await log.report(1)).verdict).toMatchObject({ code: 'ABORTED', stage: 'upgrade' })
  })

  test('as its request breaks a rule: it is passed on as it is', async () => {
    const lines = ['GET /echo HTTP/1.1', 'Host: 127.0.0.1', 'Upgrade: websocket', 'Sec-WebSocket-Key : x']
    const { port, log } = await tapped(demo.url)
    const direct = await askRaw(Number(new URL(demo.url).port), [...lines, 'Connection: close'])
    const through = await askRaw(port, [...lines.with(1, `Host: 127.0.0.1:${port}`), 'Connection: close'])
    expect(withoutDate(through)).toBe(withoutDate(direct))
    const { rules, verdict } = await log.report(1)
    expect(verdict.code).toBe('UPGRADE_BAD_REQUEST')
    expect(rules.filter(({ outcome }) => outcome === 'broken')).not.toEqual([])
  })

  test('as its request cannot be read to its end', async () => {
    const { port, log } = await tapped(demo.url)
    const lines = ['GET / HTTP/1.1', `Long: ${'x'.repeat(200_000)}`]
    expect(await askRaw(port, lines)).toMatch(/^HTTP\/1\.1 431 /)
    expect((await log.report(1)).response).toMatchObject({ status: 431 })
  })

  test('as it speaks TLS to the tap, or calls it by a stranger’s name', async () => {
    const { port, url, log } = await tapped(demo.url)
    await expect(connect(url.replace('ws:', 'wss:'))).rejects.toMatchObject({ stage: 'secure' })
    expect(log.away.at(-1)?.en).toContain('spoke TLS')
    const reply = await askRaw(port, ['GET / HTTP/1.1', `Host: evil.example:${port}`])
    expect(reply).toMatch(/^HTTP\/1\.1 421 /)
    expect(log.away.at(-1)?.en).toContain('--allow-host evil.example')
    // A head that is too large to be read is no way around it.
    const long = ['GET / HTTP/1.1', `Host: evil.example:${port}`, `Long: ${'x'.repeat(200_000)}`]
    expect(await askRaw(port, long)).toMatch(/^HTTP\/1\.1 421 /)
    expect(log.told).toEqual([])
  })
})

describe('ordinary requests', () => {
  test('share a connection, bodies and all, and are told in a line each', async () => {
    const seen: string[] = []
    const clients = new Set<number | undefined>()
    const server = createHttpServer((request, response) => {
      seen.push(`${request.socket.remotePort} ${request.headers.host}`)
      response.setHeader('X-Method', request.method ?? '')
      request.pipe(response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { port, log } = await tapped(target)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = (method: string, path: string, body?: Buffer): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        const request = httpRequest({ port, host: '127.0.0.1', agent, method, path }, (response) => {
          clients.add(response.socket.localPort)
          resolve(buffer(response))
        })
        request.on('error', reject)
        request.end(body)
      })
    const large = randomBytes(3_000_000)
    expect(await ask('GET', '/?token=secret')).toHaveLength(0)
    expect((await ask('POST', '/upload', large)).equals(large)).toBe(true)
    expect(await ask('HEAD', '/')).toHaveLength(0)
    expect(await ask('POST', '/again', Buffer.from('x'))).toEqual(Buffer.from('x'))
    // A connection to the target for each of the client's, however often that one is used.
    expect(new Set(seen).size).toBe(clients.size)
    expect(clients.size).toBeLessThan(4)
    expect(seen).toHaveLength(4)
    expect(seen[0]).toMatch(new RegExp(`${new URL(target).host}$`))
    expect(log.requests.map(({ method, target: path, status }) => [method, path, status])).toEqual([
      ['GET', '/?token=•••', 200],
      ['POST', '/upload', 200],
      ['HEAD', '/', 200],
      ['POST', '/again', 200],
    ])
    expect(log.told).toEqual([])
    agent.destroy()
    server.close()
  })

  test('and one that asks for a WebSocket and is refused can follow each other, pipelined ones too', async () => {
    const server = createHttpServer((request, response) => response.end(`${request.url}\n`))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port, log } = await tapped(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const asking = (path: string, ...more: string[]): string =>
      head([`GET ${path} HTTP/1.1`, `Host: localhost:${port}`, ...more])
    const client = connectTcp({ port, host: '127.0.0.1' })
    let replies = ''
    client.on('data', (chunk: Buffer) => (replies += chunk.toString()))
    const upgrade = [
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${sampleKey}`,
    ]
    client.write(asking('/one') + asking('/two') + asking('/three', ...upgrade))
    await expect.poll(() => replies).toMatch(/\n\/three\n$/)
    client.write(asking('/four'))
    await expect.poll(() => replies).toMatch(/\n\/four\n$/)
    client.end()
    await once(client, 'close')
    expect(replies.match(/^\/\w+$/gm)).toEqual(['/one', '/two', '/three', '/four'])
    expect((await log.report(1)).verdict.code).toBe('UPGRADE_OK_INSTEAD')
    expect(log.requests.map(({ target }) => target)).toEqual(['/one', '/two', '/four'])
    server.close()
  })
})

test('a request that crosses with the FIN of the target is not sent a second time', async () => {
  let accepted = 0
  const server = await rawServer((socket) => {
    accepted += 1
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
  })
  const { port } = await tapped(server)
  const client = connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => {})
  client.resume()
  client.write(head(['POST /pay HTTP/1.1', `Host: localhost:${port}`]))
  await once(client, 'end')
  client.end(head(['POST /pay HTTP/1.1', `Host: localhost:${port}`]))
  await once(client, 'close')
  expect(accepted).toBe(1)
})

test('closing breaks off what is idle, open, or on its way, at once', async () => {
  const silent = await rawServer(() => {})
  const { port, url, close } = await tapBefore(silent)
  const pending = connect(url)
  const idle = connectTcp({ port, host: '127.0.0.1' })
  idle.on('error', () => {})
  await once(idle, 'connect')
  const site = await tapped(demo.url)
  const open = await connect(`${site.url}/echo`)
  const kept = connectTcp({ port: site.port, host: '127.0.0.1' })
  kept.on('error', () => {})
  kept.write(head(['GET / HTTP/1.1', `Host: localhost:${site.port}`]))
  await once(kept, 'data')
  const began = performance.now()
  await Promise.all([close(), site.close()])
  expect(performance.now() - began).toBeLessThan(lingerTime)
  await expect(pending).rejects.toMatchObject({ stage: 'upgrade' })
  expect((await open.closed).clean).toBe(false)
})

test('a hundred connections at once, none mistaken for another', async () => {
  const { url, log } = await tapped(demo.url, { withLadder: true })
  const said = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      // A hundred ladders at once: on a busy machine the last of them waits long for its turn.
      const socket = await connect(`${url}/echo?n=${index}`, { handshakeTimeout: 60_000 })
      await socket.send(`message ${index}`)
      const { value } = await socket[Symbol.asyncIterator]().next()
      await socket.close()
      return value
    }),
  )
  expect(said).toEqual(Array.from({ length: 100 }, (_, index) => `message ${index}`))
  await log.until(() => log.told.filter(({ news }) => news === 'closed').length === 100)
  for (let number = 1; number <= 100; number += 1) {
    const index = new URL((await log.report(number)).url).searchParams.get('n')
    const texts = log.entries(number).filter(({ kind }) => kind === 'text')
    expect(texts.map(({ data }) => data)).toEqual([`message ${index}`, `message ${index}`])
  }
})
