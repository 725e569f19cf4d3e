import { describe, expect, test } from 'vitest'
import { ReplyFollower } from '../../src/tap/reply-follower.ts'

/** Follows a reply byte by byte, and then whole: any split comes to the same. */
function followed(method: string, reply: string): { progress: string; status: number | undefined; above: string } {
  const bytes = Buffer.from(reply, 'latin1')
  const whole = new ReplyFollower(method)
  const above = Buffer.from(whole.receive(bytes)).toString('latin1')
  const split = new ReplyFollower(method)
  const pieces = Array.from(bytes, (byte) => Buffer.from(split.receive(Uint8Array.of(byte))))
  expect(Buffer.concat(pieces).toString('latin1')).toBe(above)
  expect(split.progress).toBe(whole.progress)
  return { progress: whole.progress, status: whole.head?.status, above }
}

const ok = 'HTTP/1.1 200 OK\r\n'

describe('a reply is over', () => {
  test.each([
    ['with its length', 'GET', `${ok}Content-Length: 3\r\n\r\nabc`],
    ['with its last chunk', 'GET', `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`],
    ['at once, when it answers HEAD', 'HEAD', `${ok}Content-Length: 3\r\n\r\n`],
    ['behind interim ones', 'GET', `HTTP/1.1 103 Early Hints\r\n\r\n${ok}Content-Length: 0\r\n\r\n`],
  ])('%s', (_how, method, reply) => {
    expect(followed(method, reply)).toEqual({ progress: 'over', status: 200, above: '' })
    expect(followed(method, reply.slice(0, -1)).progress).toBe('coming')
  })
})

test('a 101 hands over what comes behind it, and so does a tunnel', () => {
  const switched = followed('GET', 'HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x00')
  expect(switched).toEqual({ progress: 'switched', status: 101, above: '\x81\x00' })
  expect(followed('CONNECT', `${ok}\r\nxyz`)).toEqual({ progress: 'switched', status: 200, above: 'xyz' })
})

test('without a length, or without sense, it lasts until the end', () => {
  expect(followed('GET', `${ok}\r\nabc`)).toMatchObject({ progress: 'until-end', status: 200 })
  expect(followed('GET', 'hello\r\n\r\n')).toMatchObject({ progress: 'until-end' })
  expect(followed('GET', `HTTP/1.1 200 ${'x'.repeat(100_000)}`)).toMatchObject({ progress: 'until-end' })
})
