import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import net from 'node:net'
import { once } from 'node:events'
import { connect } from '../../src/client/connect.ts'
import { ConnectError } from '../../src/client/connect-error.ts'
import type { Closing } from '../../src/protocol/connection/closing.ts'
import { decodeLatin1 } from '../../src/protocol/encoding/latin1.ts'
import type { Refusal } from '../../src/protocol/handshake/judgement.ts'
import { closingCode } from '../../src/report/closing-text.ts'
import { codeRow } from '../../src/report/codes.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen, type Server } from '../../src/server/listen.ts'
import { acceptFor } from '../support/scripted-server.ts'
import { fuzz, fuzzTimeout, leastShare, replay } from './fuzz.ts'
import { clientConnections, serverConnections } from './inputs.ts'
import { closingOutcome, must, type Outcome, refusalOutcome } from './outcomes.ts'

const runs = 300

/** So short that an input that is cut off costs little. */
const short = 40

describe('H-SEC-04, a server and a client made of bytes', () => {
  let server: Server
  let told: { refusal?: Refusal; closing?: Closing; news?: () => void }
  const errors: unknown[] = []

  beforeAll(async () => {
    server = await listen(
      {
        port: 0,
        host: '127.0.0.1',
        handshakeTimeout: short,
        limits: { closeTimeout: short, lingerTimeout: short, messageBytes: 1_000, messageFrames: 5 },
        onRefused({ refusal }) {
          told.refusal = refusal
          told.news?.()
        },
        onError: (error) => errors.push(error),
      },
      endpoint('/', {
        message: (socket, data) => socket.send(data),
        close(_socket, closing) {
          told.closing = closing
          told.news?.()
        },
      }),
    )
  })
  afterAll(() => server.close())

  async function serve(bytes: Uint8Array): Promise<Outcome> {
    told = {}
    const socket = net.connect({ port: server.port, host: '127.0.0.1' })
    let answer = ''
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.end(bytes)
    await closed
    if (answer === '' && told.refusal === undefined) return 'waiting'
    if (told.refusal === undefined && told.closing === undefined) {
      await new Promise<void>((resolve) => {
        told.news = resolve
      })
    }
    must(errors.length === 0, `a handler failed: ${String(errors)}`)
    must(/^HTTP\/1\.1 (?:101|[45]\d\d) /.test(answer) || told.closing !== undefined, `answered ${answer}`)
    const { refusal, closing } = told
    if (refusal !== undefined) return refusalOutcome(refusal)
    if (closing === undefined) throw new Error('no end was told')
    return closingOutcome(closingCode(closing), closing.violation !== undefined)
  }

  test('each of the corpus is parsed or refused', async () => {
    expect(await replay('server-connections', serve)).toBeGreaterThan(10)
  })

  test(
    'whatever is made up is parsed or refused',
    async () => {
      expect(await fuzz('server-connections', serverConnections, runs, serve)).toBeGreaterThan(leastShare)
    },
    fuzzTimeout,
  )

  test('and all of it is gone afterwards', () => {
    expect(server.sockets.size).toBe(0)
  })
})

describe('H-SEC-04, a client and a server made of bytes', () => {
  let server: net.Server
  let port: number
  let reply: Uint8Array

  beforeAll(async () => {
    server = net.createServer((socket) => {
      let request = ''
      socket.on('error', () => {})
      socket.on('data', (chunk: Buffer) => {
        const complete = request.endsWith('\r\n\r\n')
        request += chunk.toString('latin1')
        if (complete || !request.endsWith('\r\n\r\n')) return
        socket.end(decodeLatin1(reply).replace('{accept}', acceptFor(request)), 'latin1')
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    ;({ port } = server.address() as net.AddressInfo)
  })
  afterAll(() => server.close())

  async function meet(bytes: Uint8Array): Promise<Outcome> {
    reply = bytes
    try {
      const socket = await connect(`ws://127.0.0.1:${port}/`, {
        limits: { closeTimeout: short, messageBytes: 1_000, messageFrames: 5 },
      })
      try {
        for await (const message of socket) must(message.length <= 1_000, 'a message over the limit')
      } catch {
        // How it ended is told by `closed`.
      }
      const closing = await socket.closed
      return closingOutcome(closingCode(closing), closing.violation !== undefined)
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error
      // Throws when the table does not have it.
      must(codeRow(error.code).code !== 'UNEXPECTED', `unexpected: ${String(error.cause)}`)
      must(error.message !== '' && !/[{}]/.test(codeRow(error.code).code), 'an error that says nothing')
      return 'refused'
    }
  }

  test('each of the corpus is parsed or refused', async () => {
    expect(await replay('client-connections', meet)).toBeGreaterThan(10)
  })

  test(
    'whatever is made up is parsed or refused',
    async () => {
      expect(await fuzz('client-connections', clientConnections, runs, meet)).toBeGreaterThan(leastShare)
    },
    fuzzTimeout,
  )
})
