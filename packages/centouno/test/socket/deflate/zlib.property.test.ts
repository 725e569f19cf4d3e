import { once } from 'node:events'
import { constants, createDeflateRaw, type DeflateRaw } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultConnectionLimits } from '../../../src/protocol/connection/limits.ts'
import { defaultCompression } from '../../../src/socket/deflate/compression-options.ts'
import { Socket } from '../../../src/socket/socket.ts'
import { memoryPair } from '../../../src/transport/memory-pair.ts'
import { clientFrame, join } from '../../protocol/wire.ts'
import { finishAfter } from '../../support/finishing-peer.ts'

/** What zlib makes of a message in any of its ways, with what a peer may do about blocks and frames. */

const shape = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
})

const message = fc
  .record({
    unit: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    times: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constant(800)),
    tail: fc.uint8Array({ maxLength: 200 }),
    /** Where zlib is made to end a block, within the message. */
    flushAt: fc.option(fc.nat(2000)),
    cuts: fc.array(fc.nat(3000), { maxLength: 3 }),
  })
  .map(({ unit, times, tail, flushAt, cuts }) => ({
    content: join(...Array.from({ length: times }, () => unit), tail),
    flushAt,
    cuts,
  }))

async function flushed(deflate: DeflateRaw, content: Uint8Array, kind: number): Promise<Buffer> {
  if (content.length > 0) deflate.write(content)
  await new Promise<void>((resolve) => deflate.flush(kind, resolve))
  const parts: Buffer[] = []
  for (let part = deflate.read() as Buffer | null; part !== null; part = deflate.read() as Buffer | null) {
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** A message as frames: compressed as one, cut wherever. */
function frames(payload: Uint8Array, cuts: readonly number[]): Uint8Array {
  const ends = [...cuts.filter((cut) => cut < payload.length), payload.length].toSorted((one, other) => one - other)
  return join(
    ...ends.map((end, index) => {
      const piece = payload.subarray(ends[index - 1] ?? 0, end)
      return clientFrame(index === 0 ? 2 : 0, piece, { rsv: index === 0 ? 4 : 0, fin: index === ends.length - 1 })
    }),
  )
}

test('what zlib compresses, by any level, strategy and window, with takeover, is what arrives', async () => {
  await fc.assert(
    fc.asyncProperty(shape, fc.array(message, { minLength: 1, maxLength: 8 }), async (chosen, messages) => {
      const [peer, transport] = memoryPair()
      const { windowBits } = chosen
      const parameters = {
        serverTakeover: true,
        clientTakeover: true,
        serverWindowBits: 15,
        clientWindowBits: windowBits,
      }
      const server = new Socket({
        role: 'server',
        transport,
        subprotocol: '',
        extensions: [],
        early: new Uint8Array(0),
        limits: defaultConnectionLimits,
        compression: { parameters, options: defaultCompression },
      })
      const arrived: unknown[] = []
      server.consume({ message: (data) => void arrived.push(data), closed: () => undefined })
      finishAfter(peer)
      const deflate = createDeflateRaw(chosen)
      for (const { content, flushAt, cuts } of messages) {
        const at = Math.min(flushAt ?? 0, content.length)
        const before = at === 0 ? [] : [await flushed(deflate, content.subarray(0, at), constants.Z_FULL_FLUSH)]
        const rest = await flushed(deflate, content.subarray(at), constants.Z_SYNC_FLUSH)
        // Nothing was left to flush where the message is empty: one byte stands for it.
        const whole = join(...before, rest)
        peer.write(frames(whole.length > 4 ? whole.subarray(0, -4) : Uint8Array.of(0), cuts))
      }
      const closed = once(deflate, 'close')
      deflate.close()
      peer.finish()
      expect(await server.closed).toMatchObject({ violation: undefined, cause: 'peer-fin' })
      expect(arrived).toEqual(messages.map(({ content }) => content))
      await closed
    }),
    { numRuns: 30 },
  )
})
