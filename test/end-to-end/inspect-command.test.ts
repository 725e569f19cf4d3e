import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { generate } from 'selfsigned'
import { afterEach, describe, expect, test } from 'vitest'
import type { ConnectionReport } from 'centouno'
import { run, start } from './command.ts'

/** `centouno inspect`, the built command, against servers that are in order and servers that are not. */

const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
})

async function port(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ending.push(() => server.close())
  return (server.address() as AddressInfo).port
}

/** A server that answers the first bytes of each connection with these, as they are. */
function answering(reply: (socket: Socket) => void): Server {
  return createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => reply(socket))
  })
}

async function inspect(
  url: string,
  ...options: string[]
): Promise<{ status: number | null; report: ConnectionReport }> {
  const { status, stdout } = await run('inspect', url, '--json', ...options)
  return { status, report: JSON.parse(stdout) as ConnectionReport }
}

describe('a server in order', () => {
  test('exit 0, stages with times, the request and the 101 as sent, each rule with its verdict', async () => {
    const server = start('serve', '--port', '0', '--mode', 'echo')
    ending.push(() => server.end('SIGTERM'))
    const [url = ''] = await server.line(/ws:\/\/\S+/)
    const { status, report } = await inspect(`${url.replace(/\/$/, '')}/echo?room=42`, '--subprotocol', 'echo.v1')
    expect(status).toBe(0)
    expect(report.verdict).toMatchObject({ ok: true, stage: 'open', code: 'OPEN' })
    expect(report.stages.map((stage) => stage.name)).toEqual(
      expect.arrayContaining(['resolve', 'connect', 'upgrade', 'open']),
    )
    for (const stage of report.stages) {
      expect(stage.startMs).toBeGreaterThanOrEqual(0)
      expect(stage.endMs === null || stage.endMs >= stage.startMs).toBe(true)
    }
    expect(report.request?.head).toMatch(/^GET \/echo\?room=42 HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/)
    expect(report.request?.head).toMatch(/\r\nSec-WebSocket-Key: [+/0-9A-Za-z]{22}==\r\n/)
    expect(report.response).toMatchObject({ status: 101, reason: 'Switching Protocols' })
    expect(report.response?.head).toMatch(/\r\nSec-WebSocket-Protocol: echo\.v1\r\n/)
    expect(report.rules.length).toBeGreaterThan(40)
    expect(report.rules.filter((rule) => !rule.ok)).toEqual([])

    const told = await run('inspect', url)
    expect(told.status).toBe(0)
    expect(told.stdout).toContain('GET / HTTP/1.1')
    expect(told.stdout).toContain('101 Switching Protocols')
    expect(told.stdout).toContain('H-REQ-08')
    const toldInChinese = await run('inspect', url, '--lang', 'zh')
    expect(toldInChinese.stdout).toMatch(/\p{Script=Han}{4}/u)
  })

  test('wss: with a certificate that nobody signed opens with --insecure, and only then', async () => {
    const server = start('serve', '--port', '0', '--tls')
    ending.push(() => server.end('SIGTERM'))
    const [url = ''] = await server.line(/wss:\/\/\S+/)
    const refused = await inspect(url)
    expect(refused.status).not.toBe(0)
    expect(refused.report.verdict).toMatchObject({ ok: false, stage: 'secure', code: 'SECURE_SELF_SIGNED' })
    const { status, report } = await inspect(url, '--insecure')
    expect(status).toBe(0)
    expect(report.stages.map((stage) => stage.name)).toContain('secure')
  })
})

describe('servers that are not', () => {
  test('seven ways to fail give seven codes and sentences, and none is empty', async () => {
    const closed = createServer()
    const closedPort = await port(closed)
    closed.close()
    const plain = createHttpServer((_request, response) => response.end('an ordinary page'))
    // Node answers an upgrade that nobody listens for as an ordinary request.
    const unauthorized = answering((socket) =>
      socket.end(
        'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Type: application/json\r\n' +
          'Content-Length: 25\r\n\r\n{"error":"token expired"}',
      ),
    )
    const dropping = answering((socket) => socket.destroy())
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }])
    const selfSigned = createTlsServer({ key, cert }, (socket) => socket.on('error', () => {}))
    selfSigned.on('tlsClientError', () => {})
    const wrongAccept = answering((socket) =>
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
      ),
    )
    const cases: readonly (readonly [url: string, stage: string, code: string])[] = [
      [`ws://127.0.0.1:${closedPort}/`, 'connect', 'CONNECT_REFUSED'],
      ['ws://no-such-host.invalid/', 'resolve', 'RESOLVE_NOT_FOUND'],
      [`ws://127.0.0.1:${await port(plain)}/`, 'upgrade', 'UPGRADE_OK_INSTEAD'],
      [`ws://127.0.0.1:${await port(unauthorized)}/`, 'upgrade', 'UPGRADE_UNAUTHORIZED'],
      [`ws://127.0.0.1:${await port(dropping)}/`, 'upgrade', 'UPGRADE_ENDED'],
      [`wss://127.0.0.1:${await port(selfSigned)}/`, 'secure', 'SECURE_SELF_SIGNED'],
      [`ws://127.0.0.1:${await port(wrongAccept)}/`, 'upgrade', 'UPGRADE_ACCEPT_WRONG'],
    ]
    const sentences = new Set<string>()
    const inspected = await Promise.all(
      cases.map(async ([url]) => [await inspect(url), await run('inspect', url)] as const),
    )
    for (const [index, [url, stage, code]] of cases.entries()) {
      const [json, told] = inspected[index] ?? []
      expect(json?.status, url).toBe(1)
      expect(json?.report.verdict, url).toMatchObject({ ok: false, stage, code })
      const { sentence = '', hint = '' } = json?.report.verdict ?? {}
      expect(sentence.length).toBeGreaterThan(20)
      expect(hint.length).toBeGreaterThan(20)
      sentences.add(sentence)
      expect(told?.status).toBe(1)
      expect(`${told?.stdout}${told?.stderr}`).toContain(code)
    }
    expect(sentences.size).toBe(cases.length)
    const { report } = await inspect(`ws://127.0.0.1:${(unauthorized.address() as AddressInfo).port}/`)
    expect(report.response?.body).toBe('{"error":"token expired"}')
  })

  test('an address that is none is refused before anything is sent, and a wrong option tells the usage', async () => {
    const { status, report } = await inspect('ws://h:99999/')
    expect(status).toBe(1)
    expect(report.verdict).toMatchObject({ ok: false, code: 'URI_INVALID' })
    expect((await run('inspect')).status).toBe(2)
    expect((await run('inspect', 'ws://localhost/', '--no-such-option')).status).toBe(2)
  })
})
