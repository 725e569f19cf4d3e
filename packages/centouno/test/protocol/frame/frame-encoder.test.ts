import { describe, expect, test } from 'vitest'
import * as encoder from '../../../src/protocol/frame/frame-encoder.ts'
import type { Region } from '../../../src/protocol/frame/slab.ts'
import { framesOf, hex, sameBytes, toHex, utf8 } from '../wire.ts'

const encodeFrame = (...frame: Parameters<typeof encoder.encodeFrame>): Uint8Array =>
  bytesOf(encoder.encodeFrame(...frame))
const encodeTextFrame = (...frame: Parameters<typeof encoder.encodeTextFrame>): Uint8Array =>
  bytesOf(encoder.encodeTextFrame(...frame))

function bytesOf({ bytes, start, end }: Readonly<Region>): Uint8Array {
  return bytes.subarray(start, end)
}

describe('encodeFrame', () => {
  test('§5.7: "Hello", unmasked and masked', () => {
    expect(toHex(encodeFrame(1, true, utf8('Hello'), 5, undefined))).toBe('81 05 48 65 6c 6c 6f')
    expect(toHex(encodeFrame(1, true, utf8('Hello'), 5, 0x37fa213d))).toBe('81 85 37 fa 21 3d 7f 9f 4d 51 58')
  })

  test('§5.7: "Hel" and "lo" in two fragments', () => {
    expect(toHex(encodeFrame(1, false, utf8('Hel'), 3, undefined))).toBe('01 03 48 65 6c')
    expect(toHex(encodeFrame(0, true, utf8('lo'), 2, undefined))).toBe('80 02 6c 6f')
  })

  test.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])('%d bytes go out as they are', (length) => {
    const payload = Uint8Array.from({ length }, (_, index) => index)
    for (const key of [undefined, 0xdeadbeef]) {
      const frames = framesOf(encodeFrame(2, true, payload, length, key))
      expect(frames).toHaveLength(1)
      expect(sameBytes(frames[0]?.payload, payload)).toBe(true)
      expect(frames[0]?.key).toBe(key === undefined ? '' : 'de ad be ef')
    }
  })

  test('only the length that was asked for is taken of the payload', () => {
    expect(toHex(encodeFrame(2, true, hex('01 02 03'), 2, undefined))).toBe('82 02 01 02')
  })

  test('the frame is memory of its own, and the payload stays as it was', () => {
    const payload = hex('01 02 03')
    const bytes = encodeFrame(2, true, payload, 3, 0x0f0f0f0f)
    expect(toHex(payload)).toBe('01 02 03')
    payload.fill(0)
    expect(framesOf(bytes)[0]?.payload).toEqual(hex('01 02 03'))
  })
})

test('a header alone is that of the unmasked frame', () => {
  for (const length of [65_536, 1_000_000]) {
    const whole = encodeFrame(2, true, new Uint8Array(length), length, undefined)
    const header = bytesOf(encoder.encodeHeader(2, true, length))
    expect(toHex(header)).toBe(toHex(whole.subarray(0, whole.length - length)))
  }
})

describe('encodeTextFrame', () => {
  test.each([
    ['', ''],
    ['ASCII', 'hello'],
    ['two, three and four bytes', 'é€😀'],
    ['a BOM', '\u{feff}x'],
    ['as long as a loop takes', 'x'.repeat(64)],
    ['as long, not ASCII at its end', `${'x'.repeat(63)}é`],
    ['just longer than a loop takes', 'x'.repeat(65)],
    ['as long as the scratch takes', 'x'.repeat(5461)],
    ['just longer', '€'.repeat(5462)],
    ['long', 'ü'.repeat(100_000)],
  ])('%s', (_name, text) => {
    const [frame] = framesOf(encodeTextFrame(text, undefined))
    expect(frame).toMatchObject({ fin: true, opcode: 1, masked: false })
    expect(sameBytes(frame?.payload, utf8(text))).toBe(true)
    expect(sameBytes(framesOf(encodeTextFrame(text, 0x01020304))[0]?.payload, utf8(text))).toBe(true)
  })

  test('lone surrogates become U+FFFD, short or long', () => {
    expect(toHex(encodeTextFrame('a\ud800b', undefined))).toBe('81 05 61 ef bf bd 62')
    const long = `${'x'.repeat(6000)}\udc00`
    expect(toHex(encodeTextFrame(long, undefined)).slice(-8)).toBe('ef bf bd')
  })
})
