import { describe, expect, test } from 'vitest'
import type { WireField } from '../../src/wire/rung.ts'
import { bitPattern, byteLines, clauseAddress, fieldAt, fieldOf } from '../../page/src/byte-view.ts'

const fields: readonly WireField[] = [
  { name: 'FIN', value: '1', start: 0, end: 1, bits: [0, 0] },
  { name: 'opcode', value: '8', start: 0, end: 1, bits: [4, 7] },
  {
    name: 'Payload data',
    value: '',
    start: 2,
    end: 6,
    fields: [
      { name: 'Status code', value: '1000', start: 2, end: 4 },
      { name: 'Reason', value: 'ok', start: 4, end: 6 },
    ],
  },
]

describe('fields and bytes', () => {
  test.each([
    [0, '0'],
    [1, undefined],
    [2, '2.0'],
    [5, '2.1'],
    [6, undefined],
  ])('byte %i belongs to the smallest field that holds it', (at, path) => {
    expect(fieldAt(fields, at)?.path).toBe(path)
  })

  test('a path leads back to its field', () => {
    expect(fieldOf(fields, '2.1')?.name).toBe('Reason')
    expect(fieldOf(fields, '2')?.name).toBe('Payload data')
    expect(fieldOf(fields, '7.1')).toBeUndefined()
  })

  test('bits are shown where they stand in their byte', () => {
    const bytes = Uint8Array.of(0x88)
    expect(fields.slice(0, 2).map((field) => bitPattern(field, bytes))).toEqual(['1··· ····', '···· 1000'])
    expect(bitPattern({ name: 'x', value: '', start: 0, end: 1 }, bytes)).toBeUndefined()
    expect(bitPattern({ name: 'x', value: '', start: 9, end: 10, bits: [0, 0] }, bytes)).toBeUndefined()
  })
})

test('bytes stand eight to a line, up to a bound; what is not printable is a dot', () => {
  const lines = byteLines(Uint8Array.of(0x41, 0x00, 0xff, 0x20, 0x7e, 0x7f, 0x0a, 0x30, 0x42, 0x43), 9)
  expect(lines.map((line) => line.map(({ text }) => text).join(''))).toEqual(['A·· ~··0', 'B'])
  expect(lines[1]?.[0]).toEqual({ at: 8, hex: '42', text: 'B' })
})

test.each([
  ['RFC 6455 §5.5.1', 'https://www.rfc-editor.org/rfc/rfc6455#section-5.5.1'],
  ['RFC 6455 §4.2.1(4)', 'https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1'],
  ['RFC 9110', 'https://www.rfc-editor.org/rfc/rfc9110'],
  ['WHATWG Fetch', undefined],
])('clause %s can be read at %s', (clause, address) => {
  expect(clauseAddress(clause)).toBe(address)
})
