import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { connect } from '../../../src/client/connect.ts'
import { endpoint } from '../../../src/server/endpoint.ts'
import { listen } from '../../../src/server/listen.ts'
import { selfSigned } from '../../support/certificates.ts'
import { refused } from '../../support/refused.ts'
import { head, switchLines } from '../../support/scripted-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'centouno-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(process.platform === 'win32')('the stage connect of a Unix socket', () => {
  test.each([
    ['in the URL', (path: string) => ({ url: `ws+unix:${path}:/chat?x=1`, options: {} })],
    ['in an option', (path: string) => ({ url: 'ws://localhost/chat?x=1', options: { socketPath: path } })],
  ])('named %s: opens, without a name to resolve', async (_what, call) => {
    const path = join(folder, `${_what.length}.sock`)
    let received = ''
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (chunk) => {
        received = chunk.toString('latin1')
        socket.write(head(switchLines(received)))
      })
    }).listen(path)
    await once(server, 'listening')
    const { url, options } = call(path)
    // A proxy has no say here.
    const socket = await connect(url, { ...options, proxy: 'http://nowhere.invalid' })
    expect(received).toMatch(/^GET \/chat\?x=1 HTTP\/1\.1\r\nHost: localhost\r\n/)
    expect(socket.report.stages.map(({ name }) => name)).toEqual(['connect', 'upgrade', 'open'])
    expect(socket.report.stages[0]?.facts).toEqual({ path })
    expect(socket.report.url).toBe(url)
    expect(socket.report.verdict.details).toMatchObject({ address: path })
    socket.terminate()
    server.close()
  })

  test('our own server: a message there and back, and the file goes with it', async () => {
    const path = join(folder, 'a: b.sock')
    const server = await listen({ path }, endpoint('/echo', { message: (socket, data) => void socket.send(data) }))
    expect(server.port).toBe(0)
    const socket = await connect(`${server.url}/echo`)
    await socket.send('hello')
    expect((await socket[Symbol.asyncIterator]().next()).value).toBe('hello')
    await expect(listen({ path }, endpoint('/', {}))).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringContaining(path) as string,
    })
    await socket.close()
    await server.close()
    expect(existsSync(path)).toBe(false)
  })

  test('the same with TLS, several clients at once, and a request in plain text is told of', async () => {
    const path = join(folder, 'secure.sock')
    const certificate = await selfSigned('localhost')
    const refusals: string[] = []
    const server = await listen(
      { path, tls: certificate, onRefused: ({ refusal }) => refusals.push(refusal.code) },
      endpoint('/echo', { message: (socket, data) => void socket.send(data) }),
    )
    expect(server.url).toBe(`wss+unix:${path}:`)
    const sockets = await Promise.all(
      Array.from({ length: 3 }, () => connect(`${server.url}/echo`, { tls: { ca: certificate.cert } })),
    )
    for (const [index, socket] of sockets.entries()) {
      await socket.send(`hello ${index}`)
      expect((await socket[Symbol.asyncIterator]().next()).value).toBe(`hello ${index}`)
      expect(socket.report.stages.map(({ name }) => name)).toEqual(['connect', 'secure', 'upgrade', 'open'])
    }
    expect(await refused(`ws+unix:${path}:/echo`)).toMatchObject({ code: 'UPGRADE_TLS_EXPECTED' })
    expect(refusals).toEqual(['SERVER_TLS_EXPECTED'])
    expect(server.stats()).toMatchObject({ accepted: 3, sockets: 3 })
    await server.close()
  })

  test.each([
    ['nothing to listen on', {}],
    ['a path and a port', { path: '/x', port: 0 }],
    ['a path and a host', { path: '/x', host: '127.0.0.1' }],
  ])('our own server refuses %s', async (_what, options) => {
    await expect(listen(options, endpoint('/', {}))).rejects.toMatchObject({ code: 'LISTEN' })
  })

  test('CONNECT_SOCKET_MISSING when there is none', async () => {
    const path = join(folder, 'none.sock')
    const error = await refused(`ws+unix:${path}:/`)
    expect(error).toMatchObject({ code: 'CONNECT_SOCKET_MISSING', stage: 'connect' })
    expect(error.message).toContain(path)
    expect(error.cause).toMatchObject({ code: 'ENOENT' })
  })

  test('CONNECT_SOCKET_REFUSED when nothing listens on it', async () => {
    const path = join(folder, 'file')
    writeFileSync(path, '')
    const error = await refused(`ws+unix:${path}:/`)
    expect(error).toMatchObject({ code: 'CONNECT_SOCKET_REFUSED', stage: 'connect' })
  })

  test('URI_INVALID for a path that is none, before anything is opened', async () => {
    expect(await refused('ws+unix:chat.sock:/')).toMatchObject({ code: 'URI_INVALID', stage: 'resolve' })
  })
})
