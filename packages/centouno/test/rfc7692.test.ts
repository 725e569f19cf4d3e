import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../src/client/connect.ts'
import { endpoint } from '../src/server/endpoint.ts'
import type { CompressionInput } from '../src/socket/deflate/compression-options.ts'
import { clientFrame, frame, hex } from './protocol/wire.ts'
import { refused } from './support/refused.ts'
import { closeScriptedServers, head, scriptedServer, switchLines } from './support/scripted-server.ts'
import { ask, serve, stopServing } from './support/serving.ts'

/** RFC 7692 on the wire: what a server answers to offers, and what a client makes of answers. */

afterEach(async () => {
  await stopServing()
  await closeScriptedServers()
})

const echo = endpoint('/', { message: (socket, data) => socket.send(data) })

/** The server's `Sec-WebSocket-Extensions` for offers, or none; always with a 101. */
async function answerTo(offers: string, compression: CompressionInput = true): Promise<string | undefined> {
  const server = await serve(echo, { compression })
  const peer = await ask(server, '/', `Sec-WebSocket-Extensions: ${offers}`)
  const reply = await peer.head()
  expect(reply).toMatch(/^HTTP\/1\.1 101 /)
  return /^Sec-WebSocket-Extensions: ([^\r\n]*)/m.exec(reply)?.[1]
}

const d = 'permessage-deflate'

describe('the server', () => {
  test.each([
    ['H-EXT-01', `${d}; client_max_window_bits=99`, undefined],
    ['H-EXT-01', `${d}; server_max_window_bits=99, ${d}`, d],
    ['H-EXT-02', d, d],
    ['H-EXT-02', `${d}; client_max_window_bits=10`, `${d}; client_max_window_bits=10`],
    ['H-EXT-03', `${d}; server_no_context_takeover`, `${d}; server_no_context_takeover`],
    ['H-EXT-03', `${d}; server_max_window_bits=10`, `${d}; server_max_window_bits=10`],
    ['H-EXT-05', `${d}; server_max_window_bits=08`, undefined],
    ['H-EXT-07', `${d}; server_max_window_bits=8`, undefined],
  ])('%s: %s is answered with %s', async (_id, offers, answer) => {
    expect(await answerTo(offers)).toBe(answer)
  })

  test('compresses for nobody unless it is told to', async () => {
    expect(await answerTo(d, false)).toBeUndefined()
  })

  test('an endpoint says otherwise than its server', async () => {
    const server = await serve(endpoint('/', { compression: false }), { compression: true })
    const peer = await ask(server, '/', `Sec-WebSocket-Extensions: ${d}`)
    expect(await peer.head()).not.toMatch(/Sec-WebSocket-Extensions/)
  })

  test('H-EXT-06: RSV1 where nothing was agreed fails the connection', async () => {
    const server = await serve(echo, { compression: true })
    const peer = await ask(server, '/')
    await peer.head()
    await peer.send(clientFrame(1, hex('f2 48 cd c9 c9 07 00'), { rsv: 4 }))
    expect(await peer.all()).toContain('FRAME_RESERVED_BITS')
  })

  test('options that cannot be are told at once', async () => {
    expect(() => endpoint('/', { compression: { level: 10 } })).toThrow(/compression\.level/)
    await expect(serve(echo, { compression: { windowBits: 8 } })).rejects.toThrow(/compression\.windowBits/)
  })
})

/** A server that answers with this, then says Hello, compressed. */
async function answering(extensions: string): Promise<string> {
  const { url } = await scriptedServer((stream, request) => {
    stream.write(head([...switchLines(request), `Sec-WebSocket-Extensions: ${extensions}`]))
    stream.write(frame(1, hex('f2 48 cd c9 c9 07 00'), { rsv: 4 }))
  })
  return url
}

describe('the client', () => {
  test.each([d, `${d}; server_no_context_takeover; client_no_context_takeover`, `${d}; client_max_window_bits=8`])(
    'takes %s',
    async (extensions) => {
      const socket = await connect(await answering(extensions), { compression: true })
      expect(socket.extensions).toBe(extensions)
      expect(socket.report.stages.find(({ name }) => name === 'open')?.facts).toMatchObject({ extensions })
      expect(await socket[Symbol.asyncIterator]().next()).toEqual({ done: false, value: 'Hello' })
      socket.terminate()
    },
  )

  test.each([
    ['H-EXT-04', `${d}; server_max_window_bits=16`],
    ['H-EXT-04', `${d}; client_max_window_bits`],
    ['H-EXT-04', `${d}; server_no_context_takeover; server_no_context_takeover`],
    ['H-EXT-04', `${d}; something`],
    ['H-EXT-04', `${d}, ${d}`],
    ['H-EXT-05', `${d}; client_max_window_bits=015`],
  ])('%s: does not take %s', async (_id, extensions) => {
    const error = await refused(await answering(extensions), { compression: true })
    expect(error.report.rules.find(({ id }) => id === 'H-RES-08')).toMatchObject({ outcome: 'broken' })
  })

  test('takes no answer to an offer it did not make', async () => {
    const error = await refused(await answering(d), {})
    expect(error.report.rules.find(({ id }) => id === 'H-RES-06')).toMatchObject({ outcome: 'broken' })
  })

  test('options that cannot be are told before a packet is sent', async () => {
    expect(await refused('ws://127.0.0.1:1/', { compression: { level: 0 } })).toMatchObject({ code: 'OPTIONS_INVALID' })
  })
})
