import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChunkedBody } from '../../src/client/chunked-body.ts'
import { join, utf8 } from '../protocol/wire.ts'

function decode(body: ChunkedBody, ...pieces: readonly Uint8Array[]): string {
  return new TextDecoder().decode(join(...pieces.flatMap((piece) => body.receive(piece))))
}

describe('a chunked body', () => {
  test.each([
    ['one chunk', '5\r\nhello\r\n0\r\n\r\n', 'hello'],
    ['two chunks, hexadecimal', 'A\r\n0123456789\r\n1\r\n!\r\n0\r\n\r\n', '0123456789!'],
    ['a chunk extension and a trailer', '2;name=x\r\nhi\r\n0\r\nX-A: b\r\n\r\n', 'hi'],
    ['lone line feeds', '2\nhi\n0\n\n', 'hi'],
    ['nothing', '0\r\n\r\n', ''],
  ])('%s', (_what, wire, content) => {
    const body = new ChunkedBody()
    expect(decode(body, utf8(wire))).toBe(content)
    expect([body.over, body.broken]).toEqual([true, false])
  })

  test.each([
    ['no size', 'x\r\nhello', ''],
    ['a size no number can hold', 'fffffffffffffffff\r\n', ''],
    ['data longer than its size', '2\r\nhello\r\n', 'he'],
    ['a size line without end', '1'.repeat(300), ''],
  ])('is broken by %s, and keeps what came before', (_what, wire, content) => {
    const body = new ChunkedBody()
    expect(decode(body, utf8(wire))).toBe(content)
    expect(body.broken).toBe(true)
    expect(body.receive(utf8('2\r\nhi\r\n'))).toEqual([])
  })

  test('gives the same for any split of its bytes', () => {
    const wire = utf8('5\r\nhello\r\n2;a=b\r\n, \r\n5\r\nworld\r\n0\r\n\r\n')
    fc.assert(
      fc.property(fc.nat(wire.length), fc.nat(wire.length), (one, other) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)]
        const body = new ChunkedBody()
        const content = decode(body, wire.subarray(0, first), wire.subarray(first, second), wire.subarray(second))
        expect(content).toBe('hello, world')
        expect(body.over).toBe(true)
      }),
    )
  })

  test('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const content = new ChunkedBody().receive(bytes)
        expect(content.reduce((sum, piece) => sum + piece.length, 0)).toBeLessThanOrEqual(bytes.length)
      }),
    )
  })
})
