import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editableFrom, rawFrom } from '../../page/src/raw-text.ts'

test.each([
  ['GET / HTTP/1.1\r\nA: b\r\n\r\n', 'GET / HTTP/1.1\nA: b\n\n'],
  ['A: b\nC: d\n\n', 'A: b\\n\nC: d\\n\n\\n\n'],
  ['a\rb\r\n', 'a\\r\nb\n'],
  ['a\0b\t\xe9\\', 'a\\x00b\\t\\xe9\\\\'],
])('%j is edited as %j', (raw, editable) => {
  expect(editableFrom(raw)).toBe(editable)
  expect(rawFrom(editable)).toBe(raw)
})

test.each([
  ['a\\rb', 'a\rb'],
  ['a\\x41', 'aA'],
  ['\\q\\x4', '\\q\\x4'],
  ['a\\', 'a\\'],
  ['a\\t\nb', 'a\t\r\nb'],
])('what is typed as %j is %j', (editable, raw) => {
  expect(rawFrom(editable)).toBe(raw)
})

test('any bytes come back as they were', () => {
  const raw = fc.array(
    fc.oneof(fc.constantFrom('\r', '\n', '\r\n', '\\', 'n', 'x41'), fc.integer({ min: 0, max: 255 })),
  )
  fc.assert(
    fc.property(raw, (pieces) => {
      const text = pieces.map((piece) => (typeof piece === 'number' ? String.fromCharCode(piece) : piece)).join('')
      expect(rawFrom(editableFrom(text))).toBe(text)
    }),
  )
})
