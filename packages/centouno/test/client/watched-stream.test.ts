import { once } from 'node:events'
import { connect as connectTcp, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../../src/client/connect.ts'
import { ConnectError } from '../../src/client/connect-error.ts'
import { WatchedStream } from '../../src/client/watched-stream.ts'
import { WireTelling } from '../../src/client/wire-observer.ts'
import type { WireDirection, WireEnds, WireObserver } from '../../src/client/wire-observer.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen } from '../../src/server/listen.ts'
import { selfSigned } from '../support/certificates.ts'
import { closeProxies, httpProxy } from '../support/proxies.ts'
import { closeScriptedServers, head, scriptedServer, switchLines } from '../support/scripted-server.ts'

/** Writes down what it is told. */
class Notebook implements WireObserver {
  readonly events: string[] = []
  readonly keys: string[] = []
  readonly times: number[] = []
  ends: WireEnds | undefined
  /** When both directions are over. */
  readonly over: Promise<void>
  #resolveOver: (() => void) | undefined
  readonly #bytes: Record<WireDirection, Uint8Array[]> = { sent: [], received: [] }

  constructor() {
    this.over = new Promise((resolve) => {
      this.#resolveOver = resolve
    })
  }

  connected(ends: WireEnds, atMs: number): void {
    this.ends = ends
    this.#note('connected', atMs)
  }

  bytes(direction: WireDirection, bytes: Uint8Array, atMs: number): void {
    this.#bytes[direction].push(bytes.slice())
    this.times.push(atMs)
  }

  ended(direction: WireDirection, atMs: number): void {
    this.#note(`FIN ${direction}`, atMs)
  }

  failed(error: Error, atMs: number): void {
    this.#note(`failed ${'code' in error ? String(error.code) : error.message}`, atMs)
  }

  closed(atMs: number): void {
    this.#note('closed', atMs)
    this.#resolveOver?.()
  }

  keyLog(line: string): void {
    this.keys.push(line)
  }

  all(direction: WireDirection): string {
    return Buffer.concat(this.#bytes[direction]).toString('latin1')
  }

  #note(event: string, atMs: number): void {
    this.events.push(event)
    this.times.push(atMs)
  }
}

const echo = endpoint('/chat', { message: (socket, data) => socket.send(data) })

afterEach(async () => {
  await closeScriptedServers()
  await closeProxies()
})

describe('a wire observer', () => {
  test('of ws: is shown every byte, both ends of both directions, and no keys', async () => {
    const server = await listen({ port: 0, host: '127.0.0.1' }, echo)
    const notebook = new Notebook()
    const socket = await connect(`ws://127.0.0.1:${server.port}/chat`, { wire: notebook })
    await socket.send('hello')
    expect((await socket[Symbol.asyncIterator]().next()).value).toBe('hello')
    await socket.close(1000, 'bye')
    await notebook.over
    expect(notebook.all('sent')).toMatch(/^GET \/chat HTTP\/1\.1\r\n/)
    const received = notebook.all('received')
    expect(received).toMatch(/^HTTP\/1\.1 101 /)
    // FIN and Text, 5 bytes, not masked; FIN and Close, 5 bytes: 1000 and the reason.
    expect(received.endsWith('\x81\x05hello\x88\x05\x03\xe8bye')).toBe(true)
    expect(notebook.events.slice(0, 1)).toEqual(['connected'])
    expect(notebook.events.slice(1, 3).sort()).toEqual(['FIN received', 'FIN sent'])
    expect(notebook.events.slice(3)).toEqual(['closed'])
    expect(notebook.ends?.remote).toBe(`127.0.0.1:${server.port}`)
    expect(notebook.ends?.local).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(notebook.keys).toEqual([])
    expect(notebook.times).toEqual([...notebook.times].sort((a, b) => a - b))
    await server.close()
  })

  test('sees exactly what the server got', async () => {
    const server = await scriptedServer((peer, request) => peer.write(head(switchLines(request))))
    const notebook = new Notebook()
    const socket = await connect(server.url, { wire: notebook })
    for (let count = 0; count < 20; count += 1) await socket.send('x'.repeat(count * 100))
    socket.terminate()
    await server.gone
    await notebook.over
    expect(notebook.all('sent').startsWith(server.received())).toBe(true)
    expect(server.received().length).toBeGreaterThan(19_000)
  })

  test.each([
    ['TLSv1.2', ['CLIENT_RANDOM']],
    ['TLSv1.3', ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_TRAFFIC_SECRET_0']],
  ] as const)('of wss: is shown records, and the keys of %s', async (version, expected) => {
    const certificate = await selfSigned('localhost')
    const tls = { ...certificate, minVersion: version, maxVersion: version }
    const server = await listen({ port: 0, host: '127.0.0.1', tls }, echo)
    const notebook = new Notebook()
    const url = `wss://localhost:${server.port}/chat`
    const socket = await connect(url, { tls: { ca: certificate.cert }, wire: notebook })
    await socket.send('secret words')
    await socket[Symbol.asyncIterator]().next()
    await socket.close()
    await notebook.over
    // Content type handshake, then the major version.
    expect(notebook.all('sent').slice(0, 2)).toBe('\x16\x03')
    expect(notebook.all('received').slice(0, 2)).toBe('\x16\x03')
    expect(notebook.all('sent')).not.toContain('GET /chat')
    const labels = notebook.keys.map((line) => line.split(' ')[0])
    expect(labels).toEqual(expect.arrayContaining([...expected]))
    expect(notebook.keys.every((line) => /^[A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]+$/.test(line))).toBe(true)
    await server.close()
  })

  test('is shown the dialogue with a proxy', async () => {
    const server = await listen({ port: 0, host: '127.0.0.1' }, echo)
    const proxy = await httpProxy()
    const notebook = new Notebook()
    const url = `ws://127.0.0.1:${server.port}/chat`
    const socket = await connect(url, { proxy: `http://127.0.0.1:${proxy.port}`, wire: notebook })
    expect(notebook.all('sent')).toMatch(
      /^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1\r\n[^]*\r\n\r\nGET \/chat HTTP\/1\.1\r\n/,
    )
    expect(notebook.all('received')).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nHTTP\/1\.1 101 /)
    await socket.close()
    await server.close()
  })

  test('is told of a reset', async () => {
    const server = await scriptedServer((peer) => peer.resetAndDestroy())
    const notebook = new Notebook()
    const error = await connect(server.url, { wire: notebook, explainSilence: false }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ConnectError)
    expect(error).toMatchObject({ code: 'UPGRADE_RESET' })
    await notebook.over
    expect(notebook.events).toEqual(['connected', 'failed ECONNRESET', 'closed'])
  })

  test('that throws or rejects changes nothing', async () => {
    const server = await listen({ port: 0, host: '127.0.0.1' }, echo)
    let told = 0
    const wire: WireObserver = {
      bytes() {
        told += 1
        throw new Error('no')
      },
      // eslint-disable-next-line typescript/promise-function-async
      connected: () => Promise.reject(new Error('no')),
    }
    const socket = await connect(`ws://127.0.0.1:${server.port}/chat`, { wire })
    await socket.send('still here')
    expect((await socket[Symbol.asyncIterator]().next()).value).toBe('still here')
    expect(told).toBeGreaterThan(2)
    await socket.close()
    await server.close()
  })

  test('does not read ahead of a reader that has stopped', async () => {
    const server = createServer()
    const accepted = once(server, 'connection') as Promise<[Socket]>
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const near = connectTcp((server.address() as AddressInfo).port, '127.0.0.1')
    const [far] = await accepted
    const notebook = new Notebook()
    const stream = new WatchedStream(near, new WireTelling(notebook, () => 0))
    const sent = 8 * 1024 * 1024
    far.end(Buffer.alloc(sent, 'x'))
    await once(near, 'pause')
    expect(notebook.all('received').length).toBeLessThan(sent / 2)
    let read = 0
    for await (const chunk of stream) read += (chunk as Buffer).length
    expect(read).toBe(sent)
    expect(notebook.all('received').length).toBe(sent)
    stream.destroy()
    server.close()
  })
})
