import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildFrame, samplePayload } from '../../src/load/frames.ts'
import { FrameWalker } from '../../src/load/frame-walker.ts'

const ping = Buffer.from('890548656c6c6f', 'hex')
const maskedPing = Buffer.from('898537fa213d7f9f4d5158', 'hex')

describe('FrameWalker', () => {
  test('counts the same frames however the bytes are cut', () => {
    const lengths = fc.array(fc.constantFrom(0, 1, 20, 125, 126, 300, 65_536), { minLength: 1, maxLength: 6 })
    const cuts = fc.array(fc.nat({ max: 200_000 }), { maxLength: 8 })
    fc.assert(
      fc.property(lengths, fc.boolean(), cuts, (payloads, masked, at) => {
        const frames = payloads.map((length) => buildFrame(samplePayload(length), { text: false, masked }))
        const bytes = Buffer.concat(frames)
        const walker = new FrameWalker(() => {})
        let counted = 0
        let from = 0
        for (const to of [...at.map((cut) => cut % bytes.length).sort((one, other) => one - other), bytes.length]) {
          counted += walker.walk(bytes.subarray(from, to), to - from)
          from = to
        }
        expect(counted).toBe(payloads.length)
        expect(walker.payloadBytes).toBe(payloads.reduce<number>((sum, length) => sum + length, 0))
      }),
      { numRuns: 50 },
    )
  })

  test('looks no further than it is told: the buffer is longer than what was read into it', () => {
    const frame = buildFrame(samplePayload(20), { text: false, masked: false })
    const walker = new FrameWalker(() => {})
    expect(walker.walk(Buffer.concat([frame, frame]), frame.length)).toBe(1)
  })

  test("answers a server's Ping as a client, and does not count it", () => {
    const pongs: Buffer[] = []
    const walker = new FrameWalker((pong) => pongs.push(pong))
    const frame = buildFrame(samplePayload(20), { text: false, masked: false })
    const bytes = Buffer.concat([frame, ping, frame])
    expect(walker.walk(bytes, bytes.length)).toBe(2)
    expect(walker.payloadBytes).toBe(40)
    expect(pongs).toHaveLength(1)
    expect(pongs[0]?.subarray(0, 2).toString('hex')).toBe('8a85')
  })

  test("answers a client's Ping as a server, byte by byte", () => {
    const pongs: string[] = []
    const walker = new FrameWalker((pong) => pongs.push(pong.toString('hex')))
    for (const byte of maskedPing) walker.walk(Uint8Array.of(byte), 1)
    expect(pongs).toEqual(['8a0548656c6c6f'])
  })
})
