import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { connect } from '../../../src/client/connect.ts'
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
