import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChunkEncoder } from '../../src/socket/chunk-encoder.ts'

function encoded(kind: 'text' | 'binary' | undefined, ...chunks: (string | Uint8Array)[]): number[] {
  const encoder = new ChunkEncoder(kind)
  const bytes: number[] = []
  for (const chunk of chunks) bytes.push(...encoder.encode(chunk))
  bytes.push(...encoder.end())
  return bytes
}

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)]

test('the first chunk decides about the kind, unless it is given', () => {
  const kinds = [
    ['text', undefined, 'a'],
    ['binary', undefined, Uint8Array.of(1)],
    ['binary', 'binary', 'a'],
    ['text', 'text', Uint8Array.of(0x61)],
  ] as const
  for (const [expected, given, chunk] of kinds) {
    const encoder = new ChunkEncoder(given)
    encoder.encode(chunk)
    encoder.encode('b')
    expect(encoder.kind).toBe(expected)
  }
  expect(new ChunkEncoder(undefined).kind).toBe('binary')
})

test('a text cut anywhere, within pairs of surrogates too, gives the bytes of the whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(40), { maxLength: 6 }), (text, cuts) => {
      const places = [0, ...cuts.toSorted((one, other) => one - other), text.length]
      const chunks = places.slice(1).map((end, index) => text.slice(places[index], end))
      expect(encoded('text', ...chunks)).toEqual(utf8(text))
    }),
  )
})

test('half a character stays alone: it becomes U+FFFD, before bytes and at the end', () => {
  const [high = '', low = ''] = '😀'.split('')
  expect(encoded('text', high)).toEqual(utf8('\u{fffd}'))
  expect(encoded('binary', high, Uint8Array.of(7))).toEqual([...utf8('\u{fffd}'), 7])
  expect(encoded('text', high, low)).toEqual(utf8('😀'))
  expect(encoded('text', low, high)).toEqual(utf8('\u{fffd}\u{fffd}'))
})

test('§8.1: the bytes of a text are checked, over chunks too; those of a binary message are not', () => {
  const code = { code: 'TEXT_NOT_UTF8' }
  expect(encoded('text', Uint8Array.of(0xc3), Uint8Array.of(0xa9))).toEqual([0xc3, 0xa9])
  expect(() => encoded('text', Uint8Array.of(0xff))).toThrow(expect.objectContaining(code))
  expect(() => encoded('text', Uint8Array.of(0xc3), 'a')).toThrow(expect.objectContaining(code))
  expect(() => encoded('text', Uint8Array.of(0xc3))).toThrow(expect.objectContaining(code))
  expect(encoded('binary', Uint8Array.of(0xff, 0xc3))).toEqual([0xff, 0xc3])
})

test('anything but text and bytes is refused', () => {
  expect(() => new ChunkEncoder(undefined).encode(7 as never)).toThrow(expect.objectContaining({ code: 'DATA_TYPE' }))
})
