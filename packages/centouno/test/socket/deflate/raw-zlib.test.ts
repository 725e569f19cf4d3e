import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyBlockTail } from '../../../src/protocol/deflate/empty-block.ts'
import { hasDirectHandles, rawDeflater, rawInflater } from '../../../src/socket/deflate/raw-zlib.ts'
import { hex, join, utf8 } from '../../protocol/wire.ts'

const flush = { finishFlush: constants.Z_SYNC_FLUSH }
const none = new Uint8Array(0)
const shape = { windowBits: 12, memoryLevel: 5, level: 3 }

/** Both ways, whatever this Node has: the one that was not chosen must do the same. */
const ways = [
  ['driving the handle', true],
  ['by documented calls', false],
] as const

test('the Node that runs this has handles that can be driven', () => {
  expect(hasDirectHandles).toBe(true)
})

describe.each(ways)('%s', (_name, direct) => {
  test('what is compressed can be inflated by zlib, and builds on what came before until it is reset', () => {
    const deflater = rawDeflater(shape, direct)
    const text = utf8('{"user":"alice","says":"hello, hello"}'.repeat(5))
    const first = deflater.deflate(text).slice()
    const second = deflater.deflate(text).slice()
    deflater.reset()
    const third = deflater.deflate(text).slice()
    expect(inflateRawSync(join(first, second), flush)).toEqual(Buffer.concat([text, text]))
    expect(second.length).toBeLessThan(first.length / 3)
    expect(third).toEqual(first)
    deflater.close()
  })

  test('output that is longer than any buffer comes whole', () => {
    const noise = Uint8Array.from({ length: 700_000 }, (_, index) => (index * 2_654_435_761) >>> 13)
    const deflater = rawDeflater(shape, direct)
    const flushed = deflater.deflate(noise).slice()
    deflater.close()
    expect(inflateRawSync(flushed, flush).equals(noise)).toBe(true)
    const { output, taken } = rawInflater(15, direct).inflate(flushed, noise.length)
    expect(Buffer.compare(output, noise)).toBe(0)
    expect(taken).toBe(flushed.length)
  })

  test('room: n bytes come, n + 1 do not; 0 bytes of an empty message do', () => {
    const inflater = rawInflater(15, direct)
    const flushed = deflateRawSync('Hello', flush)
    const anew = (input: Uint8Array, room: number) => {
      inflater.begin(none)
      return inflater.inflate(input, room)
    }
    expect(anew(flushed, 5)).toMatchObject({ outcome: 'more' })
    expect(anew(flushed, 4)).toMatchObject({ outcome: 'full' })
    expect(anew(flushed, 0)).toMatchObject({ outcome: 'full' })
    expect(anew(join(hex('00'), emptyBlockTail), 0)).toMatchObject({ outcome: 'more', taken: 5 })
  })

  test('corrupt input is told, and does not spoil the next', () => {
    const inflater = rawInflater(15, direct)
    expect(inflater.inflate(hex('ff ff ff ff'), 100).outcome).toBe('corrupt')
    inflater.begin(none)
    expect(Buffer.from(inflater.inflate(deflateRawSync('Hello', flush), 100).output).toString()).toBe('Hello')
  })

  test('a final block ends the input there', () => {
    const inflater = rawInflater(15, direct)
    const { taken, output } = inflater.inflate(hex('f3 48 cd c9 c9 07 00 00 00 00 ff ff'), 100)
    expect(Buffer.from(output).toString()).toBe('Hello')
    expect(taken).toBe(7)
  })

  test('the window is what a message may point to, and no more', () => {
    const deflater = rawDeflater({ ...shape, windowBits: 9 }, direct)
    const before = utf8('abcdefghijklmnopqrstuvwxyz')
    deflater.deflate(before)
    const flushed = deflater.deflate(before).slice()
    deflater.close()
    const inflater = rawInflater(9, direct)
    inflater.begin(before)
    expect(Buffer.from(inflater.inflate(flushed, 100).output).toString()).toBe('abcdefghijklmnopqrstuvwxyz')
    inflater.begin(none)
    expect(inflater.inflate(flushed, 100).outcome).toBe('corrupt')
    inflater.close()
  })

  test('any messages, windows of 9 to 15 bits: what is inflated of them is what went in, by zlib and here', () => {
    const message = fc
      .tuple(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 40 }))
      .map(([bytes, times]) => join(...Array.from({ length: times }, () => bytes)))
    fc.assert(
      fc.property(
        fc.integer({ min: 9, max: 15 }),
        fc.array(message, { minLength: 1, maxLength: 6 }),
        (windowBits, messages) => {
          const deflater = rawDeflater({ ...shape, windowBits }, direct)
          const flushed = messages.map((each) => deflater.deflate(each).slice())
          deflater.close()
          const whole = join(...messages)
          expect(Buffer.compare(inflateRawSync(join(...flushed), { ...flush, windowBits }), whole)).toBe(0)
          const inflater = rawInflater(windowBits, direct)
          const each = flushed.map((payload) => new Uint8Array(inflater.inflate(payload, whole.length).output))
          inflater.close()
          expect(each).toEqual(messages)
        },
      ),
      { numRuns: 50 },
    )
  })
})
