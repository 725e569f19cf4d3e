import { describe, expect, test } from 'vitest'
import { buildFrame, closeFrame, type FrameShape, pongFrame, repeated, samplePayload } from '../../src/load/frames.ts'

const hello = Buffer.from('Hello')

function first(shape: Partial<FrameShape>): number | undefined {
  return buildFrame(hello, { text: true, masked: false, ...shape })[0]
}

describe('buildFrame', () => {
  test('a text without a mask is the example of RFC 6455 §5.7', () => {
    expect(buildFrame(hello, { text: true, masked: false })).toEqual(Buffer.from('810548656c6c6f', 'hex'))
  })

  test('a masked payload is the same again under its key', () => {
    const frame = buildFrame(hello, { text: false, masked: true })
    expect(frame[0]).toBe(0x82)
    expect(frame[1]).toBe(0x85)
    const key = frame.subarray(2, 6)
    const payload = frame.subarray(6).map((byte, index) => byte ^ (key[index % 4] ?? 0))
    expect(Buffer.from(payload)).toEqual(hello)
  })

  test.each([
    [125, '827d'],
    [126, '827e007e'],
    [65_535, '827effff'],
    [65_536, '827f0000000000010000'],
  ])('a payload of %i has the shortest header', (length, header) => {
    const frame = buildFrame(Buffer.alloc(length), { text: false, masked: false })
    expect(frame.subarray(0, header.length / 2).toString('hex')).toBe(header)
    expect(frame.length).toBe(header.length / 2 + length)
  })

  test('fragments and compressed messages say so', () => {
    expect(first({ fin: false })).toBe(0x01)
    expect(first({ continuation: true, fin: false })).toBe(0x00)
    expect(first({ continuation: true })).toBe(0x80)
    expect(first({ compressed: true })).toBe(0xc1)
  })
})

test('a Close says 1000 and a Pong what it was asked', () => {
  expect(closeFrame().subarray(0, 2).toString('hex')).toBe('8882')
  expect(pongFrame(hello, false)).toEqual(Buffer.from('8a0548656c6c6f', 'hex'))
})

test('samples have the length that was asked for, and are text', () => {
  for (const length of [0, 1, 20, 70_000]) {
    const sample = samplePayload(length)
    expect(sample.length).toBe(length)
    expect(sample.toString('latin1')).toMatch(/^[\w+/=]*$/)
  }
  expect(repeated(hello, 3).toString()).toBe('HelloHelloHello')
})
