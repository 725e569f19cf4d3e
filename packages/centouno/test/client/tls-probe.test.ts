import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { selfSigned, type Certificate } from '../support/certificates.ts'
import { refused } from '../support/refused.ts'

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

describe('ws: to a server that hangs up without a word', () => {
  test.each([
    ['node:tls', (certificate: Certificate) => createTlsServer(certificate)],
    ['node:https', (certificate: Certificate) => createHttpsServer(certificate)],
  ])('is told as ws: to a TLS port, when it is one (%s)', async (_name, create) => {
    const server = create(await selfSigned('localhost'))
    server.on('tlsClientError', (_error, socket: Socket) => socket.destroy())
    const url = await listening(server)
    const error = await refused(url)
    expect(error).toMatchObject({ code: 'UPGRADE_TLS_EXPECTED', stage: 'upgrade' })
    expect(error.hint).toContain('wss://')
    server.close()
  })

  test('is told so, too, when TLS has the request answered with an alert', async () => {
    // The first connection is hung up on; a server that takes no TLS of ours answers the second with an alert.
    let count = 0
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => (count++ === 0 ? socket.end() : socket.end(Uint8Array.of(0x15, 3, 1, 0, 2, 2, 40))))
    })
    expect(await refused(await listening(server))).toMatchObject({ code: 'UPGRADE_TLS_EXPECTED' })
    server.close()
  })

  test.each([
    ['says nothing again', (socket: Socket) => socket.end()],
    ['is reset', (socket: Socket) => socket.resetAndDestroy()],
    ['answers in HTTP', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['waits', () => {}],
  ])('stays what it was when the second connection %s', async (_what, second) => {
    let count = 0
    const hello: number[] = []
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (chunk: Buffer) => {
        if (count++ === 0) socket.end()
        else {
          hello.push(...chunk.subarray(0, 2))
          second(socket)
        }
      })
    })
    const error = await refused(await listening(server))
    expect(error.code).toBe('UPGRADE_ENDED')
    expect(error.hint).toContain('wss://')
    // It was asked in TLS: a handshake record of version 3.x.
    expect(hello).toEqual([0x16, 3])
    server.close()
  })

  test('is not looked at twice when the caller does not want it, nor when something was said', async () => {
    let connections = 0
    const server = createServer((socket) => {
      connections++
      socket.on('error', () => {})
      socket.once('data', () => socket.end(connections === 1 ? '' : 'HTTP/1.1 101 x'))
    })
    const url = await listening(server)
    expect(await refused(url, { explainSilence: false })).toMatchObject({ code: 'UPGRADE_ENDED' })
    expect(connections).toBe(1)
    expect(await refused(url)).toMatchObject({ code: 'UPGRADE_ENDED' })
    expect(connections).toBe(2)
    server.close()
  })

  test('ends with the signal', async () => {
    const controller = new AbortController()
    let count = 0
    const silent = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => (count++ === 0 ? socket.end() : controller.abort()))
    })
    const error = await refused(await listening(silent), { signal: controller.signal })
    expect(error.code).toBe('UPGRADE_ENDED')
    silent.close()
  })
})
