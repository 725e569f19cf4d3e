import { constants, createDeflateRaw, type DeflateRaw } from 'node:zlib'
import { buildFrame } from './frames.ts'

/** What a flush leaves at the end, and a sender takes away (RFC 7692 §7.2.1). */
const tailLength = 4

const events = ['order.placed', 'order.paid', 'order.shipped', 'stock.changed', 'price.changed', 'user.seen']
const words = ['anchor', 'basket', 'candle', 'dragon', 'engine', 'feather', 'garden', 'hammer', 'island', 'jacket']

/** JSON as services send it: the same keys again and again, values that change. At least so many bytes, the same each time. */
export function sampleJson(count: number, bytes: number): string[] {
  const random = congruential(7)
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? ''
  return Array.from({ length: count }, (_, index) => {
    const items: unknown[] = []
    const message = { id: 1_000_000 + index, event: pick(events), at: 1_790_000_000_000 + index * 137, items }
    while (JSON.stringify(message).length < bytes) {
      const price = Math.floor(random() * 100_000) / 100
      items.push({
        sku: Math.floor(random() * 1e9).toString(36),
        name: `${pick(words)} ${pick(words)}`,
        price,
        stock: Math.floor(random() * 500),
      })
    }
    return JSON.stringify(message)
  })
}

/**
 * The messages as compressed frames, masked. With context takeover the first of them looks back at nothing, so that the
 * whole list can be sent again and again: a receiver's window may hold more than it needs.
 */
export async function compressedFrames(messages: readonly string[], takeover: boolean): Promise<Buffer[]> {
  let compressor = createDeflateRaw({ level: 6 })
  const frames: Buffer[] = []
  for (const message of messages) {
    if (!takeover) compressor = createDeflateRaw({ level: 6 })
    const payload = await compress(compressor, message)
    frames.push(buildFrame(payload, { text: true, masked: true, compressed: true }))
  }
  return frames
}

async function compress(compressor: DeflateRaw, message: string): Promise<Buffer> {
  compressor.write(message)
  await new Promise<void>((resolve) => compressor.flush(constants.Z_SYNC_FLUSH, resolve))
  const pieces: Buffer[] = []
  for (let piece = compressor.read() as Buffer | null; piece; piece = compressor.read() as Buffer | null)
    pieces.push(piece)
  return Buffer.concat(pieces).subarray(0, -tailLength)
}

/** Numbers from 0 to 1 that are the same in every run. */
function congruential(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
