import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as payload from '../../page/src/payload.ts'

describe('base64 and hex', () => {
  test('any bytes survive base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(payload.fromBase64(payload.toBase64(bytes))).toEqual(Uint8Array.from(bytes))
        expect(payload.toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      }),
    )
  })

  test('a large payload survives too', () => {
    const bytes = new Uint8Array(1_000_000).fill(0xab)
    expect(Buffer.compare(payload.fromBase64(payload.toBase64(bytes)) ?? new Uint8Array(), bytes)).toBe(0)
  })

  test.each([
    ['48 65 6c', [0x48, 0x65, 0x6c]],
    ['48:65-6C', [0x48, 0x65, 0x6c]],
    ['0x48, 0x65', [0x48, 0x65]],
    ['', []],
  ])('hex %j is read', (text, bytes) => {
    expect([...(payload.fromHex(text) ?? [-1])]).toEqual(bytes)
  })

  test.each(['4', '486', 'zz', '48 6g'])('hex %j is refused', (text) => {
    expect(payload.fromHex(text)).toBeUndefined()
  })

  test.each(['SGVsbG8=', 'SGVs bG8=', 'SGVsbG8'])('base64 %j is read', (text) => {
    expect(Buffer.from(payload.fromBase64(text) ?? []).toString()).toBe('Hello')
  })

  test.each(['SGVsbG8-', 'a', '中'])('base64 %j is refused', (text) => {
    expect(payload.fromBase64(text)).toBeUndefined()
  })
})

describe('payloadFrom', () => {
  test('text goes as it is, bytes go as base64', () => {
    expect(payload.payloadFrom(' 你好 ', 'text')).toEqual({ kind: 'text', data: ' 你好 ' })
    expect(payload.payloadFrom('48 65', 'hex')).toEqual({ kind: 'binary', data: 'SGU=' })
    expect(payload.payloadFrom('SGU', 'base64')).toEqual({ kind: 'binary', data: 'SGU=' })
  })

  test('what has not the form it should have is nothing', () => {
    expect(payload.payloadFrom('4', 'hex')).toBeUndefined()
    expect(payload.payloadFrom('*', 'base64')).toBeUndefined()
  })
})

test('a hex dump has eight bytes to a line and shows what is printable', () => {
  const bytes = Uint8Array.from([0x48, 0x69, 0x00, 0xff, 1, 2, 3, 4, 0x21])
  expect(payload.hexDump(bytes)).toEqual([
    { offset: '0000', hex: '48 69 00 ff 01 02 03 04', text: 'Hi······' },
    { offset: '0008', hex: '21', text: '!' },
  ])
})

test('JSON is laid out only where there is something to lay out', () => {
  expect(payload.prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}')
  for (const text of ['12', '"a"', '{', 'hello', '']) expect(payload.prettyJson(text)).toBeUndefined()
})

test.each([
  [17, '17 B'],
  [4301, '4.2 KiB'],
  [3 * 1024 * 1024, '3.0 MiB'],
])('%d bytes are told as %s', (bytes, told) => {
  expect(payload.formatBytes(bytes)).toBe(told)
})
