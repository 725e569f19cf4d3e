import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openCapture } from '../../src/capture/open-capture.ts'
import { seenConnection } from '../../src/seen/seen-connection.ts'
import { ack, pcapFile, rst } from '../support/packet-writer.ts'
import {
  close1000,
  frame,
  maskedFrame,
  plainRequest,
  secretRequest,
  seen,
  switching,
  wholeTalk,
} from '../support/recorded.ts'
import { TcpTalk } from '../support/tcp-talk.ts'

/** A connection of a capture is told as if it had been made here. */

const opened = (): TcpTalk => new TcpTalk().open().say('sent', plainRequest).say('received', switching)
const asked = (): TcpTalk => new TcpTalk().open().say('sent', plainRequest)

test('one that opens: every stage with its times, the heads, the rules, the messages and the end', () => {
  const { report, messages, closing, rungs } = seen(wholeTalk())
  expect(report.url).toBe('ws://chat.example/chat?room=7&token=•••')
  expect(report.startedAt).toBe('2023-11-14T22:13:20.001Z')
  expect(report.verdict).toMatchObject({ ok: true, code: 'OPEN', stage: 'open' })
  expect(report.stages.map(({ name, startMs, endMs, ok }) => [name, startMs, endMs, ok])).toEqual([
    ['connect', 0, 2, true],
    ['upgrade', 3, 4, true],
    ['open', 4, 9, true],
    ['close', 9, 10, true],
    ['disconnect', 10, 14, true],
  ])
  expect(report.request?.head).toContain('Cookie: •••')
  expect(report.response?.status).toBe(101)
  expect(report.rules.find(({ id }) => id === 'H-RES-05')).toMatchObject({ outcome: 'kept' })
  expect(
    messages.map(({ direction, kind, data, bytes, atMs, code }) => [direction, kind, data, bytes, atMs, code]),
  ).toEqual([
    ['sent', 'text', 'hello ü', 8, 5, undefined],
    ['received', 'binary', 'AQL/', 3, 6, undefined],
    ['sent', 'ping', 'cA==', 1, 7, undefined],
    ['received', 'pong', 'cA==', 1, 8, undefined],
    ['sent', 'close', 'bye', 5, 9, 1000],
    ['received', 'close', 'bye', 5, 10, 1000],
  ])
  expect(closing).toMatchObject({
    code: 1000,
    reason: 'bye',
    clean: true,
    cause: 'closing-handshake',
    initiator: 'local',
  })
  expect(rungs.some(({ inferred }) => inferred)).toBe(false)
})

test('secrets are told only when asked for', () => {
  expect(JSON.stringify(seen(wholeTalk()))).not.toContain('s3cret')
  const kept = seen(wholeTalk(), true)
  expect(kept.report.request?.head).toBe(secretRequest)
  expect(kept.report.url).toContain('token=s3cret-token')
  const request = kept.rungs.find(({ label }) => label.en.startsWith('GET'))
  expect(Buffer.from(request?.bytes ?? '', 'base64').toString()).toBe(secretRequest)
})

describe('one that does not open', () => {
  const reply = (head: string, body = ''): TcpTalk =>
    asked().say('received', `${head}\r\n\r\n${body}`).finish('received')
  const cases: readonly [what: string, talk: TcpTalk, code: string, stage: string][] = [
    [
      'SYN, answered by RST',
      new TcpTalk().raw('sent', { flags: 2 }).raw('received', { flags: rst | ack }),
      'CONNECT_REFUSED',
      'connect',
    ],
    [
      'SYN without an answer',
      new TcpTalk().raw('sent', { flags: 2 }).raw('sent', { flags: 2 }),
      'CONNECT_TIMEOUT',
      'connect',
    ],
    ['404', reply('HTTP/1.1 404 Not Found\r\nContent-Length: 0'), 'UPGRADE_NOT_FOUND', 'upgrade'],
    ['502', reply('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0'), 'UPGRADE_BAD_GATEWAY', 'upgrade'],
    ['302', reply('HTTP/1.1 302 Found\r\nLocation: /in\r\nContent-Length: 0'), 'UPGRADE_REDIRECT', 'upgrade'],
    ['a wrong proof', asked().say('received', switching.replace('s3pP', 'AAAA')), 'UPGRADE_ACCEPT_WRONG', 'upgrade'],
    ['FIN instead of a reply', asked().finish('received').finish('sent'), 'UPGRADE_ENDED', 'upgrade'],
    ['RST instead of a reply', asked().raw('received', { flags: rst }), 'UPGRADE_RESET', 'upgrade'],
    ['a client that leaves', asked().finish('sent').finish('received'), 'ABORTED', 'upgrade'],
    ['another protocol', asked().say('received', 'SSH-2.0-x\r\n').finish('received'), 'UPGRADE_GARBAGE', 'upgrade'],
    [
      'TLS in answer to plain text',
      asked()
        .say('received', Uint8Array.of(0x15, 3, 3, 0, 2, 2, 10))
        .finish('received'),
      'UPGRADE_TLS_EXPECTED',
      'upgrade',
    ],
    ['no reply yet', asked(), 'SEEN_NO_REPLY', 'upgrade'],
    ['nothing said', new TcpTalk().open().finish('sent'), 'SEEN_NO_REQUEST', 'upgrade'],
    [
      'ordinary HTTP',
      new TcpTalk().open().say('sent', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
      'SEEN_NO_UPGRADE',
      'upgrade',
    ],
    [
      'bytes that are missing',
      new TcpTalk().open().skip('sent', 9).say('sent', plainRequest),
      'SEEN_BYTES_MISSING',
      'upgrade',
    ],
    [
      'a proxy that refuses',
      new TcpTalk()
        .open()
        .say('sent', 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n')
        .say('received', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
      'PROXY_REFUSED',
      'proxy',
    ],
    [
      'a server that hangs up on TLS',
      new TcpTalk()
        .open()
        .say('sent', Uint8Array.of(0x16, 3, 1, 0, 4, 1, 0, 0, 0))
        .finish('received'),
      'SECURE_ENDED',
      'secure',
    ],
    [
      'an alert',
      new TcpTalk()
        .open()
        .say('sent', Uint8Array.of(0x16, 3, 1, 0, 4, 1, 0, 0, 0))
        .say('received', Uint8Array.of(0x15, 3, 3, 0, 2, 2, 40)),
      'SECURE_NO_SHARED_CIPHER',
      'secure',
    ],
  ]
  for (const [what, talk, code, stage] of cases) {
    test(`${what}: ${code}`, () => {
      const { report, closing } = seen(talk)
      expect(report.verdict).toMatchObject({ ok: false, code, stage })
      expect(report.verdict.sentence).not.toBe('')
      expect(report.stages.at(-1)?.ok ?? false).toBe(false)
      expect(closing).toBeNull()
    })
  }

  test('says what the body says, with the sizes of its chunks taken off', () => {
    const head = 'HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked'
    const { report } = seen(reply(head, '5\r\ntoo m\r\n3\r\nany\r\n0\r\n\r\n'))
    expect(report.response?.body).toBe('too many')
    expect(report.verdict).toMatchObject({ code: 'UPGRADE_UNAVAILABLE', details: { says: 'too many' } })
  })
})

describe('how an open one ended', () => {
  const cases: readonly [what: string, talk: TcpTalk, cause: string, initiator: string][] = [
    ['FIN of the server', opened().finish('received').finish('sent'), 'peer-fin', 'remote'],
    ['RST of the server', opened().raw('received', { flags: rst }), 'peer-reset', 'remote'],
    ['FIN of the client', opened().finish('sent').finish('received'), 'local-abort', 'local'],
    [
      'a Close that is not answered',
      opened().say('sent', maskedFrame(8, close1000)).finish('sent').finish('received'),
      'close-timeout',
      'local',
    ],
    [
      'both Closes, the server first',
      opened().say('received', frame(8, close1000)).say('sent', maskedFrame(8, close1000)),
      'closing-handshake',
      'remote',
    ],
  ]
  for (const [what, talk, cause, initiator] of cases) {
    test(`${what}: ${cause}`, () => {
      expect(seen(talk).closing).toMatchObject({ cause, initiator })
    })
  }

  test('one that is still open has no end', () => {
    const { report, closing } = seen(opened().say('received', frame(1, 'hi')))
    expect(closing).toBeNull()
    expect(report.stages.at(-1)).toMatchObject({ name: 'open', endMs: null, ok: null })
  })

  // A Close may be among the bytes that were not captured.
  test('one with missing bytes has no end that is known', () => {
    expect(seen(opened().skip('received', 4).finish('received').finish('sent')).closing).toBeNull()
  })
})

test('a client that went on minded none of the rules that the 101 broke: they are noted', () => {
  const without = switching.replace('Connection: Upgrade\r\n', '')
  const { report } = seen(asked().say('received', without).say('sent', maskedFrame(1, 'on')))
  expect(report.verdict.code).toBe('OPEN')
  expect(report.rules.find(({ id }) => id === 'H-RES-04')).toMatchObject({ outcome: 'noted' })
})

test('property: whatever the two sides say, it is told', () => {
  const piece = fc.tuple(
    fc.constantFrom('sent', 'received') as fc.Arbitrary<'sent' | 'received'>,
    fc.uint8Array({ maxLength: 60 }),
  )
  const known = fc.constantFrom(plainRequest, switching, '\u0016\u0003\u0001', 'HTTP/1.1 2')
  const talks = fc.array(fc.tuple(piece, fc.option(known)), { maxLength: 8 })
  fc.assert(
    fc.property(talks, fc.boolean(), (parts, withSyn) => {
      const talk = withSyn ? new TcpTalk().open() : new TcpTalk().raw('sent')
      for (const [[direction, bytes], text] of parts) talk.say(direction, text ?? bytes)
      for (const connection of openCapture(pcapFile(talk.packets)).connections) {
        const { report } = seenConnection(connection, { keyLog: '', withSecrets: false })
        expect(report.verdict.code).toMatch(/^[A-Z_0-9]+$/)
      }
    }),
    { numRuns: 60 },
  )
})
