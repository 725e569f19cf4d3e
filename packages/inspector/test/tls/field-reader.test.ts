import { describe, expect, test } from 'vitest'
import { FieldReader, hexWords, Malformed, textWords } from '../../src/tls/field-reader.ts'

describe('FieldReader', () => {
  test('gives each field its place, counted from the front of all bytes', () => {
    const reader = new FieldReader(Buffer.from('ffff0301020304', 'hex'), 2)
    expect(reader.number('type', 1)).toBe(3)
    expect(reader.bytes('random', 2)).toEqual(Buffer.from([1, 2]))
    expect(reader.left).toBe(2)
    expect(reader.number('last', 2, (value) => `0x${value.toString(16)}`)).toBe(0x0304)
    expect(reader.fields).toEqual([
      { name: 'type', value: '3', start: 2, end: 3 },
      { name: 'random', value: '0102', start: 3, end: 5 },
      { name: 'last', value: '0x304', start: 5, end: 7 },
    ])
  })

  test('a vector has its length as the first child', () => {
    const reader = new FieldReader(Buffer.from('0003aabbcc00', 'hex'))
    reader.vector('list', 2, (inner) => {
      inner.number('item', 1)
      return 'one, and more'
    })
    expect(reader.fields).toEqual([
      {
        name: 'list',
        value: 'one, and more',
        start: 0,
        end: 5,
        fields: [
          { name: 'length', value: '3', start: 0, end: 2 },
          { name: 'item', value: '170', start: 2, end: 3 },
          // What nobody has read is there all the same.
          { name: 'unread', value: 'bbcc', start: 3, end: 5 },
        ],
      },
    ])
    expect(reader.left).toBe(1)
  })

  test('what is malformed inside a vector ends with the vector', () => {
    const reader = new FieldReader(Buffer.from('0205ff07', 'hex'))
    reader.vector('outer', 1, (outer) => {
      outer.vector('inner', 1, () => '')
      return 'not reached'
    })
    expect(reader.fields[0]).toMatchObject({ name: 'outer', end: 3 })
    expect(reader.fields[0]?.value).toMatch(/^malformed: inner is longer/)
    expect(reader.number('next', 1)).toBe(7)
  })

  test('past the end it throws Malformed', () => {
    const reader = new FieldReader(Buffer.from('01', 'hex'))
    expect(() => reader.number('two', 2)).toThrow(Malformed)
    expect(() => reader.bytes('two', 2)).toThrow(Malformed)
    expect(() => reader.vector('list', 1, () => '')).toThrow(Malformed)
    expect(() => reader.structure('body', 2, () => '')).toThrow(Malformed)
    expect(reader.fields).toEqual([])
  })
})

test('bytes and text of the wire are put into words that nothing can hide in', () => {
  expect(hexWords(Buffer.alloc(32, 1))).toBe('01'.repeat(32))
  expect(hexWords(Buffer.alloc(33, 1))).toEqual({
    en: `${'01'.repeat(32)}… (33 bytes)`,
    zh: `${'01'.repeat(32)}… (33 字节)`,
  })
  expect(textWords(Buffer.from('h2\u001b[31m\n'))).toBe('h2\\x1b[31m\\x0a')
})
