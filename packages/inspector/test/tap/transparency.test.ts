import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { answering, closeRawServers, rawServer } from '../support/raw-server.ts'
import { tapBefore } from '../support/tap-log.ts'
import type { LoggedTap } from '../support/tap-log.ts'

/** What passes through a tap is what was sent: bytes, ends and pace. */

let tap: LoggedTap | undefined

afterEach(async () => {
  await tap?.close()
  await closeRawServers()
})

/** A client that knows no WebSocket, up to the empty line of the 101; what it says first goes with the request. */
async function opened(port: number, glued: Uint8Array = new Uint8Array(0)): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  socket.on('error', () => {})
  const lines = [
    'GET /x HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), glued]))
  let received = Buffer.alloc(0)
  for (;;) {
    await once(socket, 'readable')
    received = Buffer.concat([received, (socket.read() as Buffer | null) ?? Buffer.alloc(0)])
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) continue
    socket.unshift(received.subarray(end + 4))
    return socket
  }
}

/** All that comes up to the peer's FIN; unlike an iteration, it leaves the own side open. */
async function allOf(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'end')
  return Buffer.concat(chunks)
}

const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { maxLength: 8 })

test('property: any bytes after the 101 arrive unchanged, both ways, glued to the handshake or not, with both ends', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, pieces, fc.uint8Array({ maxLength: 50 }), fc.boolean(), async (up, down, glued, first) => {
      const heard: Buffer[] = []
      const ended: string[] = []
      const server = await rawServer((socket) => {
        answering(socket, (chunk) => heard.push(chunk))
        const say = (): void => {
          for (const piece of down) socket.write(piece)
          socket.end()
        }
        socket.once('end', () => {
          ended.push('client')
          if (!first) say()
        })
        if (first) socket.once('data', () => process.nextTick(say))
      })
      const { port, close } = await tapBefore(server)
      const client = await opened(port, glued)
      const received = allOf(client)
      for (const piece of up) client.write(piece)
      if (first) {
        // The server has ended its side; what the client says then still arrives.
        await received
        client.write('last')
      }
      client.end()
      expect((await received).equals(Buffer.concat(down))).toBe(true)
      await expect.poll(() => ended).toEqual(['client'])
      const said = Buffer.concat([glued, ...up, Buffer.from(first ? 'last' : '')])
      expect(Buffer.concat(heard).equals(said)).toBe(true)
      await close()
      await closeRawServers()
    }),
    { numRuns: 40 },
  )
})

function oddHead(host: string, origin: string): string {
  return `\r\nGET /\xe4 b HTTP/1.1\nhOsT:\t ${host}  \r\nOrigin:${origin}\r\nX : odd\r\nUPGRADE:websocket\r\nHost: ${host}\r\nno colon\r\n\r\nrest\0`
}

test('a head goes on byte for byte but for Host and Origin, faults and all', async () => {
  let heard = ''
  const server = await rawServer((socket) => socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1'))))
  tap = await tapBefore(server)
  const own = `127.0.0.1:${tap.port}`
  const client = connect({ port: tap.port, host: '127.0.0.1' })
  client.write(Buffer.from(oddHead(own, `http://${own}`), 'latin1'))
  const target = new URL(server).host
  await expect.poll(() => heard).toBe(oddHead(target, `http://${target}`))
  client.destroy()
})

describe('backpressure', () => {
  const large = 192 * 1024 * 1024
  /** Far more than all buffers of the system on the way; far less than what is sent. */
  const heldAtMost = 64 * 1024 * 1024
  const chunk = randomBytes(1024 * 1024)
  const expected = createHash('sha256')
  for (let sent = 0; sent < large; sent += chunk.length) expected.update(chunk)
  const digest = expected.digest('hex')

  /** Writes it all, as fast as it is taken, and tells how much that is once no more is. */
  async function stalledAt(socket: Socket): Promise<number> {
    for (let sent = 0; sent < large; sent += chunk.length) socket.write(chunk)
    const taken = (): number => socket.bytesWritten - socket.writableLength
    let last = -1
    while (last !== taken()) {
      last = taken()
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    return last
  }

  async function digestOf(socket: Socket): Promise<string> {
    const hash = createHash('sha256')
    let length = 0
    for await (const piece of socket) {
      const bytes = (piece as Buffer).subarray(0, large - length)
      hash.update(bytes)
      length += bytes.length
      if (length === large) break
    }
    return hash.digest('hex')
  }

  test('who is not read is not taken from, and nothing is lost when it is', async () => {
    let server: Socket | undefined
    const url = await rawServer((socket) => {
      server = socket
      answering(socket, () => {})
    })
    tap = await tapBefore(url)
    const client = await opened(tap.port)
    const accepted = server as unknown as Socket
    accepted.pause()
    accepted.removeAllListeners('data')
    expect(await stalledAt(client)).toBeLessThan(heldAtMost)
    expect(await digestOf(accepted)).toBe(digest)
    const other = await opened(tap.port)
    const speaking = server as unknown as Socket
    expect(await stalledAt(speaking)).toBeLessThan(heldAtMost)
    expect(await digestOf(other)).toBe(digest)
  })
})
