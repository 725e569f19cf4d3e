import { afterEach, expect, test } from 'vitest'
import { createDeflateRaw, constants } from 'node:zlib'
import { endpoint } from '../../src/server/endpoint.ts'
import { clientFrame } from '../protocol/wire.ts'
import { ask, serve, stopServing } from '../support/serving.ts'

/** A small message that would come to a gibibyte. */

afterEach(stopServing)

const mebibyte = 1024 * 1024

/** Zeros, a gibibyte of them, in about a mebibyte. */
async function gibibyteBomb(): Promise<Uint8Array> {
  const deflate = createDeflateRaw({ level: 9, finishFlush: constants.Z_SYNC_FLUSH })
  const parts: Buffer[] = []
  deflate.on('data', (part: Buffer) => parts.push(part))
  const zeros = new Uint8Array(8 * mebibyte)
  for (let written = 0; written < 128; written++) {
    await new Promise<void>((resolve, reject) => {
      deflate.write(zeros, (error) => (error ? reject(error) : resolve()))
    })
  }
  await new Promise((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, () => resolve(undefined)))
  const bomb = Buffer.concat(parts)
  deflate.close()
  return bomb.subarray(0, -4)
}

test(
  '1 GiB from 1 MiB is answered 1009 under the limit’s name, and takes less than 24 MiB',
  { timeout: 120_000 },
  async () => {
    const bomb = await gibibyteBomb()
    expect(bomb.length).toBeGreaterThan(mebibyte * 0.9)
    const reasons: unknown[] = []
    const server = await serve(
      endpoint('/', {
        compression: true,
        message: () => undefined,
        close: (_socket, { sent, violation }) => void reasons.push([violation, sent?.code, sent?.reason]),
      }),
      { limits: { messageBytes: 2 * mebibyte } },
    )
    const frame = clientFrame(2, bomb, { rsv: 4 })
    const peer = await ask(server, '/', 'Sec-WebSocket-Extensions: permessage-deflate')
    expect(await peer.status()).toBe(101)
    const before = process.memoryUsage()
    let most = 0
    const watch = setInterval(() => {
      const { rss } = process.memoryUsage()
      most = Math.max(most, rss - before.rss)
    }, 1)
    await peer.send(frame)
    await expect
      .poll(() => reasons, { timeout: 60_000, interval: 5 })
      .toEqual([['MESSAGE_TOO_LONG', 1009, expect.stringContaining('limit messageBytes')]])
    clearInterval(watch)
    expect(most / mebibyte).toBeLessThan(24)
  },
)
