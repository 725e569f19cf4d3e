import { readdir } from 'node:fs/promises'
import type net from 'node:net'
import { afterAll, afterEach, expect, test } from 'vitest'
import { clientFrame, frame, join, utf8 } from '../protocol/wire.ts'
import type { Fate } from '../support/abuse-client.ts'
import { AbuseServer, growth, mebibyte } from '../support/abuse-server-process.ts'
import { dropAttackers, openAttacker, openAttackers, press, tcpAttacker } from '../support/attackers.ts'
import { selfSigned } from '../support/certificates.ts'
import { startProgram, stopPrograms } from '../support/child-program.ts'
import { openingRequest, RawPeer, resetRawPeers } from '../support/raw-peer.ts'
import { closeScriptedServers, head, scriptedServer, switchLines } from '../support/scripted-server.ts'

/*
 * Where others held memory without end. The floods whose figures are promised are in `figures.test.ts`: ws CVE-2026-48779,
 * #2331 and a2f4e7c0 (fragments), CVE-2016-10542 (announced lengths), `maxPendingAutoPongs`, answers never read.
 *
 * Not here, because nothing of the kind is part of the engine: socket.io-parser CVE-2026-33151 and CVE-2026-69185,
 * python-socketio CVE-2026-48804 (attachments of a protocol above), compression.
 */

afterEach(async () => {
  dropAttackers()
  resetRawPeers()
  await closeScriptedServers()
})
afterAll(stopPrograms)

/** The raw servers never answer a Close. */
const impatient = { limits: { closeTimeout: 200 } }

const oneMessage = mebibyte
const unboundedBytes = 512 * mebibyte
const fragmentBytes = 64 * 1024

test('ws CVE-2016-10542, uws CVE-2016-10544: by default a message has 1 MiB, and not a byte more', async () => {
  const server = await AbuseServer.start()
  const peer = await RawPeer.connect(server.port)
  const header = [0x82, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]
  await peer.send(openingRequest('/'), Uint8Array.from(header), new Uint8Array(oneMessage))
  await peer.until((received) => received.length > oneMessage)
  // One byte more is refused by the header alone.
  await peer.send(Uint8Array.from(header.with(9, 1)))
  expect((await server.countsOnce(({ ends }) => ends['MESSAGE_TOO_LONG'] === 1)).ends).toEqual({ MESSAGE_TOO_LONG: 1 })
})

test('Bandit CVE-2026-42786, c4punks 2026: the limit is on the sum of the fragments', async () => {
  const server = await AbuseServer.start()
  const first = clientFrame(2, new Uint8Array(fragmentBytes), { fin: false })
  const fragment = clientFrame(0, new Uint8Array(fragmentBytes), { fin: false })
  const attack = async (): Promise<string> => {
    const socket = await openAttacker(server.port)
    socket.resume()
    socket.write(first)
    return (await press(socket, fragment, unboundedBytes)).outcome
  }
  expect(await attack()).toBe('closed')
  await server.emptied()
  const before = await server.figures()
  expect(await attack()).toBe('closed')
  const { ends } = await server.countsOnce((counts) => counts.ends['MESSAGE_TOO_LONG'] === 2)
  expect(ends).toEqual({ MESSAGE_TOO_LONG: 2 })
  expect((await server.growthSince(before)).held).toBeLessThan(4)
})

test('undici CVE-2026-12151: a client holds no more of a message that never ends than its limit', async () => {
  const raw = await scriptedServer((socket, request) => {
    socket.resume()
    socket.write(join(utf8(head(switchLines(request))), frame(1, 'a', { fin: false })))
    void press(socket, Buffer.alloc(fragmentBytes * 3, frame(0, 'a', { fin: false })), 32 * mebibyte)
  })
  const client = await startProgram('abuse-client')
  const fate = (): Promise<Fate> => client.ask({ ask: 'connect', url: raw.url, options: impatient })
  expect(await fate()).toEqual({ messages: 0, end: 'MESSAGE_TOO_MANY_FRAMES', sent: 1008 })
  const before = await client.figures()
  expect(await fate()).toEqual({ messages: 0, end: 'MESSAGE_TOO_MANY_FRAMES', sent: 1008 })
  expect(growth(before, await client.figures()).held).toBeLessThan(4)
  client.mustBeUnharmed()
})

test('ws 8.23 _mask: a header without its payload keeps no read buffer alive', async ({ annotate }) => {
  const server = await AbuseServer.start()
  // One full read of 64 KiB: a message that is answered at once, then the header and the key of the next.
  const header = clientFrame(2, 'x').subarray(0, 6)
  const payload = 64 * 1024 - 8 - header.length
  const message = clientFrame(2, new Uint8Array(payload))
  const hold = async (connections: number): Promise<void> => {
    for (const socket of await openAttackers(server.port, connections)) {
      const echoed = new Promise<void>((resolve) => {
        let received = 0
        socket.on('data', (chunk: Buffer) => {
          received += chunk.length
          if (received >= payload) resolve()
        })
      })
      socket.resume()
      socket.write(join(message, header))
      await echoed
    }
  }
  await hold(20)
  const before = await server.figures()
  await hold(300)
  const { held } = await server.growthSince(before)
  await annotate(`+${held.toFixed(1)} MiB`)
  expect(await server.sockets()).toBe(320)
  // Read buffers that are kept alive would be 19 MiB.
  expect(held).toBeLessThan(6)
})

test('Bun: nothing is lost between a peer that does not read for a while and a server that waits for it', async () => {
  const server = await AbuseServer.start()
  const messages = 512
  const size = 64 * 1024
  const socket = await openAttacker(server.port)
  for (let number = 0; number < messages; number += 1) {
    const payload = Buffer.alloc(size)
    payload.writeUInt32BE(number)
    socket.write(clientFrame(2, payload))
  }
  const blocked = socket.writableLength
  expect(blocked).toBeGreaterThan(size)
  const echoes = await readAll(socket, messages * (size + 10))
  const numbers = Array.from({ length: messages }, (_, index) => echoes.readUInt32BE(index * (size + 10) + 10))
  expect(numbers).toEqual(Array.from({ length: messages }, (_, index) => index))
})

test('mesop 2026: 10,000 messages at once need no thread more', async () => {
  const server = await AbuseServer.start()
  const threads = async (): Promise<number> => (await readdir(`/proc/${server.program.pid}/task`)).length
  const flood = async (): Promise<void> => {
    const socket = await openAttacker(server.port)
    socket.write(Buffer.alloc(7 * 10_000, clientFrame(1, 'a')))
    await readAll(socket, 3 * 10_000)
  }
  await flood()
  const before = await threads()
  await Promise.all(Array.from({ length: 8 }, flood))
  expect(await threads()).toBe(before)
})

test('aiohttp CVE-2026-22815: fields without end are refused by the server', async () => {
  const server = await AbuseServer.start()
  const attack = async (): Promise<void> => {
    const socket = await tcpAttacker(server.port)
    socket.resume()
    socket.write('GET / HTTP/1.1\r\n')
    await press(socket, Buffer.alloc(64 * 1024, 'X-Filler: 0123456789\r\n'), 64 * mebibyte)
  }
  await attack()
  const before = await server.figures()
  await attack()
  expect((await server.counts()).refusals).toEqual({ 'H-H1-11': 2 })
  expect((await server.growthSince(before)).held).toBeLessThan(4)
})

test.for([
  ['fields', 'HTTP/1.1 101 Switching Protocols\r\n'],
  ['trailers of an error', 'HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n'],
  ['bytes of an error', 'HTTP/1.1 403 Forbidden\r\n\r\n'],
  ['interim responses', 'HTTP/1.1 101 x\r\n'.replace('101', '103').concat('\r\n')],
])('aiohttp CVE-2026-22815: %s without end are refused by the client', async ([what, beginning = '']) => {
  const filler = what === 'interim responses' ? beginning : 'X-Filler: 0123456789\r\n'
  const raw = await scriptedServer((socket) => {
    socket.resume()
    socket.write(beginning)
    void press(socket, Buffer.from(filler.repeat(3_000)), 64 * mebibyte)
  })
  const client = await startProgram('abuse-client')
  const fate = await client.ask<Fate>({ ask: 'connect', url: raw.url, options: { handshakeTimeout: 5_000 } })
  expect(fate.refused).toMatch(/^(?:UPGRADE_HEAD_TOO_LARGE|UPGRADE_ENDLESS_INTERIM|UPGRADE_FORBIDDEN)$/)
  const before = await client.figures()
  await client.ask<Fate>({ ask: 'connect', url: raw.url, options: { handshakeTimeout: 5_000 } })
  expect(growth(before, await client.figures()).held).toBeLessThan(4)
})

test('Netty CVE-2026-45416: a TLS hello is not given the 16 MiB it declares', async () => {
  const { key, cert } = await selfSigned('localhost')
  const server = await AbuseServer.start({ tls: { key, cert } })
  // A TLS record of 9 bytes that holds the beginning of a ClientHello of 2^24 - 1.
  const hello = Uint8Array.from([0x16, 3, 1, 0, 9, 1, 0xff, 0xff, 0xff, 3, 3, 0, 0, 0])
  const attack = async (connections: number): Promise<void> => {
    const sockets = await Promise.all(Array.from({ length: connections }, () => tcpAttacker(server.port)))
    for (const socket of sockets) socket.write(hello)
    // Each is held or dropped; a hello behind them all is answered, so they have been read.
    const last = await tcpAttacker(server.port)
    last.resume()
    last.end('GET / HTTP/1.1\r\n\r\n')
    await new Promise((resolve) => last.once('close', resolve))
  }
  await attack(10)
  const before = await server.figures()
  await attack(100)
  // OpenSSL's own memory is only to be seen there; what was declared would be 1,600 MiB.
  expect((await server.growthSince(before)).resident).toBeLessThan(64)
  server.program.mustBeUnharmed()
})

async function readAll(socket: net.Socket, count: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let received = 0
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      received += chunk.length
      if (received >= count) resolve()
    })
    socket.once('close', () => reject(new Error(`ended after ${received} bytes`)))
    socket.resume()
  })
  return Buffer.concat(chunks)
}
