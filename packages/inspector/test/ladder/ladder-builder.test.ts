import { describe, expect, test } from 'vitest'
import { LadderBuilder } from '../../src/ladder/ladder-builder.ts'
import type { Rung } from '../../src/wire/rung.ts'
import type { Segment } from '../../src/wire/segment.ts'
import type { TapePiece } from '../../src/wire/tape.ts'
import { hex, piece } from '../support/tape.ts'

/** Layer upon layer: what a tape is, is recognised from its first byte. */

const request =
  'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'
const response =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'

const segment: Segment = {
  direction: 'sent',
  atMs: 0,
  inferred: false,
  flags: ['SYN'],
  sequence: 1,
  acknowledgement: 0,
  window: 1,
  payloadBytes: 0,
  note: undefined,
  bytes: new Uint8Array(20),
}

function built(pieces: readonly TapePiece[]): Rung[] {
  const rungs: Rung[] = []
  const builder = new LadderBuilder((rung) => rungs.push(rung))
  for (const one of pieces) builder.piece(one)
  builder.end(9)
  return rungs
}

function story(rungs: readonly Rung[]): string[] {
  return rungs.map(({ layer, from, to, label }) => `${layer} ${from}>${to} ${label.en}`)
}

const webSocket = [
  piece('sent', request),
  piece('received', response),
  piece('sent', hex('81 80 00000000')),
  piece('received', hex('88 00')),
]

describe('a stream', () => {
  test('in the clear: HTTP, then frames, numbered in the order of telling', () => {
    const rungs = built(webSocket)
    expect(story(rungs)).toEqual([
      'http client>server GET /',
      'http server>client 101 Switching Protocols',
      'websocket client>server Text, 0 bytes',
      'websocket server>client Close',
    ])
    expect(rungs.map(({ id }) => id)).toEqual([0, 1, 2, 3])
  })

  test('through an HTTP proxy: its dialogue first, then the server’s', () => {
    const asked = [
      piece('sent', 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n'),
      piece('received', 'HTTP/1.1 200 OK\r\n\r\n'),
    ]
    expect(story(built([...asked, ...webSocket]))).toEqual([
      'proxy client>proxy CONNECT a:80',
      'proxy proxy>client 200 OK',
      ...story(built(webSocket)),
    ])
  })

  test('through a SOCKS5 proxy', () => {
    const asked = [
      piece('sent', hex('050100')),
      piece('received', hex('0500')),
      piece('sent', hex('05010001 7f000001 0050')),
      piece('received', hex('05000001 7f000001 0050')),
    ]
    const told = story(built([...asked, ...webSocket]))
    expect(told.slice(0, 4).every((line) => line.startsWith('proxy '))).toBe(true)
    expect(told.slice(4)).toEqual(story(built(webSocket)))
  })

  test('a server that hangs up before it is asked, with a word of HTTP', () => {
    expect(story(built([piece('received', 'HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n')]))).toEqual([
      'http server>client 503 Busy',
    ])
  })

  test('what is no protocol we know is told once a direction', () => {
    const rungs = built([piece('sent', hex('00ff')), piece('sent', hex('01')), piece('received', hex('02'))])
    expect(rungs.map(({ alarming, byteCount }) => [alarming, byteCount])).toEqual([
      [true, 2],
      [true, 1],
    ])
  })
})

test('a second connection of the same attempt begins anew, and its rungs go on counting', () => {
  const rungs: Rung[] = []
  const builder = new LadderBuilder((rung) => rungs.push(rung))
  for (const one of webSocket) builder.piece(one)
  builder.end(1)
  for (const one of webSocket) builder.piece(one)
  expect(rungs.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(story(rungs.slice(4))).toEqual(story(rungs.slice(0, 4)))
})

test('a segment’s payload is not shown: a head in the clear holds secrets', () => {
  const rungs: Rung[] = []
  const secret = Buffer.from('Cookie: sid=secret')
  // A header of five words (RFC 9293 §3.1), all else 0.
  const header = new Uint8Array(20)
  header[12] = 0x50
  const bytes = Buffer.concat([header, secret])
  new LadderBuilder((rung) => rungs.push(rung)).segment({
    ...segment,
    flags: ['ACK', 'PSH'],
    payloadBytes: secret.length,
    bytes,
  })
  expect(Buffer.from(rungs[0]?.bytes ?? '', 'base64')).toHaveLength(20)
})
