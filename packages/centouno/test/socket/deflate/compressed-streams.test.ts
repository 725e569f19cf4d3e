import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { defaultFlowLimits } from '../../../src/socket/flow-limits.ts'
import { defaultCompression } from '../../../src/socket/deflate/compression-options.ts'
import { Socket, type SocketOptions } from '../../../src/socket/socket.ts'
import { memoryPair, type MemoryTransport } from '../../../src/transport/memory-pair.ts'
import { clientFrame, hex, join } from '../../protocol/wire.ts'
import { finishAfter } from '../../support/finishing-peer.ts'

/** Compressed messages that are read while they arrive. */

const mebibyte = 1024 * 1024
const compressed = { rsv: 4 }
const flush = { finishFlush: constants.Z_SYNC_FLUSH, level: 9 }

function server(change: Partial<SocketOptions> = {}, takeover = true): { socket: Socket; peer: MemoryTransport } {
  const [peer, transport] = memoryPair()
  const parameters = {
    serverTakeover: true,
    clientTakeover: takeover,
    serverWindowBits: 15,
    clientWindowBits: 15,
  }
  const socket = new Socket({
    role: 'server',
    transport,
    subprotocol: '',
    extensions: [],
    early: new Uint8Array(0),
    limits: defaultConnectionLimits,
    compression: { parameters, options: defaultCompression },
    streamFrom: 0,
    ...change,
  })
  return { socket, peer }
}

async function nextBytes(socket: Socket): Promise<Uint8Array> {
  const { value } = await socket.streams().next()
  if (value === undefined) throw new Error('no message')
  return value.bytes(64 * mebibyte)
}

describe('a compressed message as a stream', () => {
  test.each([true, false])('in frames, longer than any message may be; then another; takeover %s', async (takeover) => {
    const { socket, peer } = server({}, takeover)
    const content = Buffer.from(Array.from({ length: 600_000 }, (_, index) => `${index % 1013}`).join(','))
    expect(content.length).toBeGreaterThan(2 * mebibyte)
    const payload = deflateRawSync(content, flush).subarray(0, -4)
    for (const fin of [false, true]) {
      const half = fin ? payload.subarray(1000) : payload.subarray(0, 1000)
      peer.write(clientFrame(fin ? 0 : 2, half, fin ? {} : { ...compressed, fin }))
    }
    peer.write(clientFrame(1, hex('f2 48 cd c9 c9 07 00'), compressed))
    const pieces: Uint8Array[] = []
    for await (const message of socket.streams()) {
      for await (const piece of message) pieces.push(piece)
      break
    }
    expect(Buffer.compare(Buffer.concat(pieces), content)).toBe(0)
    expect(Buffer.from(await nextBytes(socket)).toString()).toBe('Hello')
    socket.terminate()
  })

  test('a final block in the middle ends nothing but itself', async () => {
    const { socket, peer } = server()
    // A final block, and the empty block that a flush adds; then another of each, and the first bits of one more.
    const flushed = hex('f3 48 cd c9 c9 07 00 00 00 00 ff ff')
    peer.write(clientFrame(1, flushed, { ...compressed, fin: false }))
    peer.write(clientFrame(0, join(flushed, hex('f2 48 cd c9 c9 07 00'))))
    expect(Buffer.from(await nextBytes(socket)).toString()).toBe('HelloHelloHello')
    socket.terminate()
  })

  test('no more is inflated than the application takes', async () => {
    const flow = { ...defaultFlowLimits, inboxBytes: 128 * 1024 }
    const { socket, peer } = server({ flow })
    const payload = deflateRawSync(new Uint8Array(32 * mebibyte), flush).subarray(0, -4)
    peer.write(clientFrame(2, payload, compressed))
    const { value: message } = await socket.streams().next()
    if (message === undefined) throw new Error('no message')
    let bytes = 0
    let most = 0
    for await (const piece of message) {
      bytes += piece.length
      most = Math.max(most, piece.length)
    }
    expect(bytes).toBe(32 * mebibyte)
    expect(most).toBeLessThanOrEqual(64 * 1024)
    socket.terminate()
  })

  test('limit streamBytes: n passes, n + 1 does not', async () => {
    const limits = { ...defaultConnectionLimits, streamBytes: 2 * mebibyte }
    const { socket, peer } = server({ limits })
    const closed = socket.closed
    finishAfter(peer)
    peer.write(clientFrame(2, deflateRawSync(new Uint8Array(2 * mebibyte), flush).subarray(0, -4), compressed))
    const reader = socket.streams()
    const { value: first } = await reader.next()
    let bytes = 0
    if (first) for await (const piece of first) bytes += piece.length
    expect(bytes).toBe(2 * mebibyte)
    peer.write(clientFrame(2, deflateRawSync(new Uint8Array(2 * mebibyte + 1), flush).subarray(0, -4), compressed))
    const { value: second } = await reader.next()
    await expect(
      (async () => {
        if (second) for await (const piece of second) bytes += piece.length
      })(),
    ).rejects.toThrow(/STREAM_TOO_LONG/)
    expect(await closed).toMatchObject({ violation: 'STREAM_TOO_LONG', sent: { code: 1009 } })
  })

  test('a close while a stream is being inflated does not wait for anybody to read it', async () => {
    const limits = { ...defaultConnectionLimits, closeTimeout: 60_000 }
    const { socket, peer } = server({ limits })
    finishAfter(peer)
    peer.write(clientFrame(2, deflateRawSync(new Uint8Array(8 * mebibyte), flush).subarray(0, -4), compressed))
    peer.write(clientFrame(8, hex('03 e8')))
    const { value: message } = await socket.streams().next()
    expect(message).toBeDefined()
    expect(await socket.close(1000)).toMatchObject({ clean: true, cause: 'closing-handshake' })
  })
})
