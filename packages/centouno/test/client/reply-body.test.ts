import { describe, expect, test } from 'vitest'
import { bodyLimit, ReplyBody } from '../../src/client/reply-body.ts'
import { parseResponseHead } from '../../src/protocol/http/response-head.ts'
import { utf8 } from '../protocol/wire.ts'

function bodyOf(status: number, ...fields: readonly string[]): ReplyBody {
  return new ReplyBody(parseResponseHead(utf8(`${[`HTTP/1.1 ${status} x`, ...fields].join('\r\n')}\r\n\r\n`)))
}

describe('the body of a reply', () => {
  test('is as long as Content-Length says', () => {
    const body = bodyOf(401, 'Content-Length: 5')
    body.receive(utf8('hel'))
    expect([body.over, body.cut]).toEqual([false, true])
    body.receive(utf8('lo and more'))
    expect([body.over, body.cut, body.text()]).toEqual([true, false, 'hello'])
  })

  test.each([
    [204, []],
    [304, ['Content-Length: 9']],
    [200, ['Content-Length: 0']],
  ])('is empty at once for %i %j', (status, fields) => {
    const body = bodyOf(status, ...fields)
    expect([body.over, body.cut, body.text()]).toEqual([true, false, ''])
  })

  test('is chunked when Transfer-Encoding says so, whatever Content-Length says', () => {
    const body = bodyOf(200, 'Content-Length: 1', 'Transfer-Encoding: gzip, Chunked')
    body.receive(utf8('5\r\nhello\r\n0\r\n\r\n'))
    expect([body.over, body.cut, body.text()]).toEqual([true, false, 'hello'])
  })

  test('stops where its chunks are broken', () => {
    const body = bodyOf(200, 'Transfer-Encoding: chunked')
    body.receive(utf8('2\r\nhi\r\nno size\r\n'))
    expect([body.over, body.cut, body.text()]).toEqual([true, true, 'hi'])
    body.end()
    expect(body.cut).toBe(true)
  })

  test.each([[[]], [['Content-Length: many']]])('lasts until the connection ends with %j', (fields) => {
    const body = bodyOf(200, ...fields)
    body.receive(utf8('hello'))
    expect([body.over, body.cut]).toEqual([false, true])
    body.end()
    expect([body.cut, body.text()]).toEqual([false, 'hello'])
  })

  test('is incomplete when the connection ends before Content-Length is reached', () => {
    const body = bodyOf(200, 'Content-Length: 9')
    body.receive(utf8('hello'))
    body.end()
    expect([body.cut, body.text()]).toEqual([true, 'hello'])
  })

  test('is kept up to its limit', () => {
    const exact = bodyOf(200, `Content-Length: ${bodyLimit}`)
    exact.receive(new Uint8Array(bodyLimit).fill(0x61))
    expect([exact.over, exact.cut, exact.text().length]).toEqual([true, false, bodyLimit])
    const longer = bodyOf(200)
    longer.receive(new Uint8Array(bodyLimit + 1).fill(0x61))
    longer.end()
    expect([longer.over, longer.cut, longer.text().length]).toEqual([true, true, bodyLimit])
  })

  test('is decoded by its charset, or as UTF-8', () => {
    const latin = bodyOf(200, 'Content-Type: text/plain; charset="iso-8859-1"', 'Content-Length: 1')
    latin.receive(Uint8Array.of(0xe9))
    expect(latin.text()).toBe('é')
    const odd = bodyOf(200, 'Content-Type: text/plain; charset=klingon', 'Content-Length: 2')
    odd.receive(utf8('é'))
    expect(odd.text()).toBe('é')
    const invalid = bodyOf(200, 'Content-Length: 2')
    invalid.receive(Uint8Array.of(0xff, 0x61))
    expect(invalid.text()).toBe('\uFFFDa')
  })
})
