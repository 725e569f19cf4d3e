import { constants, inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { compressedFrames, sampleJson } from '../../src/load/compressed-messages.ts'

const tail = Buffer.from('0000ffff', 'hex')

function payloadOf(frame: Buffer): Buffer {
  const short = (frame[1] ?? 0) & 0x7f
  const keyAt = short === 126 ? 4 : 2
  const key = frame.subarray(keyAt, keyAt + 4)
  return Buffer.from(frame.subarray(keyAt + 4).map((byte, index) => byte ^ (key[index % 4] ?? 0)))
}

function inflated(frames: readonly Buffer[]): string {
  const bytes = Buffer.concat(frames.flatMap((frame) => [payloadOf(frame), tail]))
  return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString()
}

test('samples are JSON of at least the length, the same in every run, and all different', () => {
  const samples = sampleJson(10, 1100)
  expect(samples).toEqual(sampleJson(10, 1100))
  expect(new Set(samples).size).toBe(10)
  for (const sample of samples) {
    expect(sample.length).toBeGreaterThanOrEqual(1100)
    expect(JSON.parse(sample)).toHaveProperty('items')
  }
})

test('with takeover the list inflates as one stream, and again when it is sent twice', async () => {
  const samples = sampleJson(5, 1100)
  const frames = await compressedFrames(samples, true)
  expect(inflated([...frames, ...frames])).toBe([...samples, ...samples].join(''))
  for (const frame of frames) expect(frame[0]).toBe(0xc1)
})

test('without it each message stands alone, and is longer', async () => {
  const samples = sampleJson(5, 1100)
  const alone = await compressedFrames(samples, false)
  const together = await compressedFrames(samples, true)
  expect(alone.map((frame) => inflated([frame]))).toEqual(samples)
  expect(Buffer.concat(alone).length).toBeGreaterThan(Buffer.concat(together).length)
})
